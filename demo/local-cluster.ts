import { join } from 'node:path';
import { kubernetesPrograms } from '../localcluster/artifacts/go-programs.ts';
import { ensure } from '../localcluster/cache.ts';
import { forwardedNodePorts } from '../localcluster/cluster/addresses.ts';
import { kubeconfigFile } from '../localcluster/cluster/kubectl.ts';
import { machinePorts } from '../localcluster/cluster/node-configuration.ts';
import { up } from '../localcluster/cluster/up.ts';
import { projectFolder, type Settings } from '../localcluster/settings.ts';
import { run, type Place } from './place.ts';

/** The node ports that values-local-cluster.yaml gives to the chat API and to the first of the brokers. */
const nodePorts = { api: 30_001, firstBroker: 30_002 } as const;
const brokers = 3;

/** Brings the local cluster up, or takes the one that is up. */
export async function localCluster(settings: Settings): Promise<Place> {
  await up(settings);
  const kube = join(await ensure(settings, kubernetesPrograms), 'kube');
  const environment = { KUBECONFIG: kubeconfigFile(settings) };
  const api = machinePort(settings, nodePorts.api);
  const firstBroker = machinePort(settings, nodePorts.firstBroker);
  return {
    title: `the local cluster ${settings.clusterName}`,
    helmValues: [
      `--values=${join(projectFolder, 'charts', 'kafka-events', 'values-local-cluster.yaml')}`,
      `--set=eventCluster.spec.externalAccess.firstPort=${firstBroker}`,
    ],
    kubectl: (args) => run(kube, ['kubectl', ...args], environment),
    helm: (args) => run(kube, ['helm', ...args], environment),
    reach: () =>
      Promise.resolve({
        api: `http://127.0.0.1:${api}`,
        bootstrapServers: Array.from({ length: brokers }, (_, index) => `127.0.0.1:${firstBroker + index}`),
        commands: [`export KUBECONFIG=${environment.KUBECONFIG}`],
        close: () => Promise.resolve(),
      }),
    removal: settings.clusterName === 'kafka-events' ? 'make down' : `make down CLUSTER=${settings.clusterName}`,
  };
}

/** The port of this machine that leads to a node port. */
function machinePort(settings: Settings, nodePort: (typeof forwardedNodePorts)[number]): number {
  const port = machinePorts(settings)[1 + forwardedNodePorts.indexOf(nodePort)];
  if (port === undefined) throw new Error(`node port ${nodePort} is not forwarded`);
  return port;
}
