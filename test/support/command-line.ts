import { execa } from 'execa';
import { join } from 'node:path';
import { kubernetesPrograms } from '../../localcluster/artifacts/go-programs.ts';
import { ensure } from '../../localcluster/cache.ts';
import { readSettings } from '../../localcluster/settings.ts';

/** kubectl and helm, as users run them. Each answers what it printed, and throws with what it complained of. */
export interface CommandLine {
  kubectl(args: readonly string[], input?: string): Promise<string>;
  helm(args: readonly string[], input?: string): Promise<string>;
}

export async function commandLine(kubeconfigFile: string): Promise<CommandLine> {
  const kube = join(await ensure(readSettings(), kubernetesPrograms), 'kube');
  const run = async (program: string, args: readonly string[], input = '') =>
    (await execa(kube, [program, ...args], { input, env: { KUBECONFIG: kubeconfigFile } })).stdout;
  return {
    kubectl: (args, input) => run('kubectl', args, input),
    helm: (args, input) => run('helm', args, input),
  };
}
