import { join } from 'node:path';
import { Part } from '../../localcluster/parts/part.ts';
import { findPlace } from '../../localcluster/parts/place.ts';
import { compileCache } from './compile-cache.ts';

const sources = join(import.meta.dirname, '../../src/bin/operator.ts');

/** The operator as it runs in its pod: a process of its own, which tests can stop, pause, kill and start again. */
export interface OperatorProcess {
  readonly process: Part;
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** Ends the process, at once and unasked, and removes what it wrote. */
  leave(): Promise<void>;
}

export interface OperatorProcessOptions {
  /** Without it, the environment says how a pod reaches the API server. */
  readonly kubeconfigFile?: string;
  /** Namespace and name of the pod that it takes itself for. */
  readonly namespace: string;
  readonly name?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** The compiled program, say; the sources when left out. */
  readonly program?: string;
}

/** An operator that is not started yet. It is ready once its caches are filled. */
export async function createOperatorProcess(options: OperatorProcessOptions): Promise<OperatorProcess> {
  const { kubeconfigFile, namespace, name = 'operator-0', environment, program = sources } = options;
  const place = await findPlace(name, 1);
  const port = String(place.ports[0]!);
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.text() };
  };
  const operator = new Part({
    name,
    command: [process.execPath, program],
    folder: place.folder,
    environment: {
      ...compileCache,
      ...(kubeconfigFile !== undefined && { KUBECONFIG: kubeconfigFile }),
      POD_NAME: name,
      POD_NAMESPACE: namespace,
      WORKLOAD_IMAGE: 'kafka-events:test',
      METRICS_PORT: port,
      ...environment,
    },
    isReady: async () => (await get('/readyz').catch(() => undefined))?.status === 200,
  });
  return { process: operator, get, leave: () => place.leave([operator]) };
}
