import type { V1Pod } from '@kubernetes/client-node';
import { execa } from 'execa';
import { join } from 'node:path';
import { systemClock } from '../../src/lib/clock.ts';
import type { Observed } from '../../src/operator/runtime/objects.ts';
import { hasCode } from '../../src/operator/runtime/transport/kubernetes-error.ts';
import type { Kubernetes } from './kubernetes.ts';
import { serviceAccountKubeconfig } from './service-account.ts';

/** What the program of a Job wrote, and how it ended. */
export interface JobRun {
  readonly program: string;
  readonly output: string;
  readonly exitCode: number | undefined;
}

export interface JobRunner {
  readonly runs: JobRun[];
  stop(): Promise<void>;
}

/**
 * Stands in for kubelet, which does not run beside a lone API server: runs the program of each pod that belongs to a Job of
 * a namespace as a process here, with the rights of the pod's ServiceAccount, and reports how it ended.
 */
export function runJobs(kubernetes: Kubernetes, namespace: string): JobRunner {
  const { transport } = kubernetes;
  const path = `/api/v1/namespaces/${namespace}/pods`;
  const query = { labelSelector: jobLabel };
  const done = new Set<string>();
  const runs: JobRun[] = [];
  let stopped = false;

  async function run({ metadata, spec }: Observed<V1Pod>): Promise<void> {
    const { args, env = [] } = spec!.containers[0]!;
    const program = args![0]!.replace(/^.*\/(.*)\.js$/, '$1');
    // The one variable that takes a field of the pod is the name of its Job.
    const variables = env.map(({ name, value = '', valueFrom }) => [
      name,
      valueFrom ? metadata.labels?.[jobLabel] : value,
    ]);
    const account = { namespace, name: spec!.serviceAccountName! };
    const KUBECONFIG = await serviceAccountKubeconfig(kubernetes, account);
    const environment = { ...(Object.fromEntries(variables) as Record<string, string>), KUBECONFIG };
    const source = join(import.meta.dirname, `../../src/bin/${program}.ts`);
    const { exitCode, all } = await execa(process.execPath, [source], { env: environment, reject: false, all: true });
    runs.push({ program, output: all, exitCode });
    const phase = exitCode === 0 ? 'Succeeded' : 'Failed';
    const patch = {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { status: { phase } },
    } as const;
    // Helm may have removed it by now, after it ran out of time.
    await transport.send({ ...patch, path: `${path}/${metadata.name}/status` }).catch((error: unknown) => {
      if (!hasCode(error, 'NotFound')) throw error;
    });
  }

  const loop = (async () => {
    while (!stopped) {
      const { items } = (await transport.send({ method: 'GET', path, query })) as { items: Observed<V1Pod>[] };
      for (const pod of items.filter(({ metadata }) => !done.has(metadata.uid))) {
        done.add(pod.metadata.uid);
        await run(pod);
      }
      await systemClock.sleep(50);
    }
  })();
  return {
    runs,
    stop: () => {
      stopped = true;
      return loop;
    },
  };
}

const jobLabel = 'batch.kubernetes.io/job-name';
