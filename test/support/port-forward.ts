import { execa } from 'execa';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import type { E2eCluster } from './e2e-cluster.ts';

/** A port of this machine that leads to one of a pod, until it is closed. */
export interface PortForward {
  readonly port: number;
  close(): Promise<void>;
}

/** @param target what kubectl port-forward takes: pod/client, service/kafka, with its namespace */
export async function portForward(
  cluster: E2eCluster,
  target: readonly string[],
  podPort: number,
): Promise<PortForward> {
  const kubectl = join(cluster.settings.stateFolder, 'bin', 'kubectl');
  const forward = execa(kubectl, ['port-forward', '--address=127.0.0.1', ...target, `:${podPort}`], {
    env: { KUBECONFIG: cluster.kubeconfig },
    stdin: 'ignore',
    reject: false,
  });
  const lines = createInterface({ input: forward.stdout });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    forward.then((result) => Promise.reject(new Error(result.stderr))),
  ])) as [string];
  const port = Number(/:(\d+) ->/.exec(line)?.[1]);
  return {
    port,
    close: async () => {
      forward.kill();
      await forward;
    },
  };
}
