/** Starts every part, prints where they are as one line of JSON, and waits to be killed. */
import { startControlPlane } from '../../../localcluster/parts/control-plane.ts';
import { startKafka } from '../../../localcluster/parts/kafka.ts';
import { startPostgres } from '../../../localcluster/parts/postgres.ts';

/** What is printed. */
export interface AllParts {
  readonly parts: readonly { readonly name: string; readonly pid: number | undefined; readonly logFile: string }[];
  readonly postgres: string;
  readonly bootstrapServers: string;
  readonly kubeconfig: string;
}

const [kafka, postgres, controlPlane] = await Promise.all([startKafka(), startPostgres(), startControlPlane()]);
const { etcd, apiServer, controllerManager } = controlPlane;
const parts = [...kafka.brokers, postgres.server, etcd, apiServer, controllerManager];
const report: AllParts = {
  parts: parts.map(({ name, pid, logFile }) => ({ name, pid, logFile })),
  postgres: postgres.uri,
  bootstrapServers: kafka.bootstrapServers,
  kubeconfig: controlPlane.kubeconfigFile,
};
console.log(JSON.stringify(report));
