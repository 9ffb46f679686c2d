import { execa } from 'execa';
import { join } from 'node:path';
import type { Settings } from '../settings.ts';

/** The kubeconfig that people use, from the machine. */
export function kubeconfigFile(settings: Settings): string {
  return join(settings.stateFolder, 'kubeconfig');
}

/** Runs kubectl on a cluster, and answers what it printed. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** @param programs the folder that holds `kube` */
export function kubectlFor(settings: Settings, programs: string): Kubectl {
  return async (args, input) => {
    const { stdout } = await execa(join(programs, 'kube'), ['kubectl', ...args], {
      env: { KUBECONFIG: kubeconfigFile(settings) },
      ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    });
    return stdout;
  };
}
