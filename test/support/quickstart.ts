import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { kubernetesPrograms } from '../../localcluster/artifacts/go-programs.ts';
import { ensure } from '../../localcluster/cache.ts';
import { kubeconfigFile } from '../../localcluster/cluster/kubectl.ts';
import { reservePorts } from '../../localcluster/parts/ports.ts';
import { signalProcess } from '../../localcluster/parts/process-tree.ts';
import type { Settings } from '../../localcluster/settings.ts';
import { shellBlock } from './documents.ts';
import { until } from './until.ts';

/** The quickstart, pasted into a shell. */
export interface Quickstart {
  /** Resolves when its last `kubectl wait` has ended. */
  untilInstalled(milliseconds: number): Promise<void>;
  /** Resolves with its exit code when its last line has run. */
  readonly ended: Promise<number | null>;
  /** What it has printed so far. */
  output(): string;
  /** How long after its first line it had printed this. */
  secondsUntil(text: string): number;
  /** Ends what it left in the background. */
  stop(): Promise<void>;
}

const lastWait = 'reminderconsumer.kafka-events.dev/reminder-worker condition met';

/**
 * Pastes the commands as they are printed, but for the port, which may be taken here. The local cluster takes minikube's
 * place, with its kubectl and helm on the PATH, and its values in place of those for minikube: it cannot pull Redpanda.
 */
export async function pasteQuickstart(settings: Settings, helmValues: readonly string[]): Promise<Quickstart> {
  const kube = join(await ensure(settings, kubernetesPrograms), 'kube');
  const [folder, ports] = await Promise.all([mkdtemp(join(tmpdir(), 'quickstart-')), reservePorts(1)]);
  const program = async (name: string, line: string) => {
    await writeFile(join(folder, name), `#!/bin/bash\n${line}\n`);
    await chmod(join(folder, name), 0o755);
  };
  await program('minikube', ': it runs, and has the image');
  await program('kubectl', `exec ${kube} kubectl "$@"`);
  await program('helm', `exec ${kube} helm "\${@/values-minikube/values-local-cluster}" ${helmValues.join(' ')}`);
  const shell = spawn('bash', ['-c', shellBlock('docs/quickstart.md').replaceAll('8080', String(ports.ports[0]))], {
    env: {
      ...process.env,
      PATH: [folder, process.env['PATH']].join(delimiter),
      KUBECONFIG: kubeconfigFile(settings),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  const started = performance.now();
  const printed: { readonly length: number; readonly seconds: number }[] = [];
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.on('data', (text: Buffer) => {
      output += text.toString();
      printed.push({ length: output.length, seconds: (performance.now() - started) / 1000 });
    });
  }
  const ended = once(shell, 'exit').then(([exitCode]) => exitCode as number | null);
  return {
    untilInstalled: async (milliseconds) => {
      await until(() => shell.exitCode !== null || output.includes(lastWait), milliseconds);
      if (!output.includes(lastWait)) throw new Error(`The quickstart ended early:\n${output}`);
    },
    ended,
    output: () => output,
    secondsUntil: (text) => {
      const end = output.indexOf(text) + text.length;
      return output.includes(text) ? printed.find(({ length }) => length >= end)!.seconds : Infinity;
    },
    stop: async () => {
      signalProcess(-shell.pid!, 'SIGTERM'); // with the port-forward, which is of its process group
      await Promise.all([rm(folder, { recursive: true }), ports.release()]);
    },
  };
}
