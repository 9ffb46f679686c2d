import { join } from 'node:path';
import { kubernetesPrograms } from '../localcluster/artifacts/go-programs.ts';
import { ensure } from '../localcluster/cache.ts';
import { forwardedNodePorts } from '../localcluster/cluster/addresses.ts';
import { kubeconfigFile } from '../localcluster/cluster/kubectl.ts';
import { machinePorts } from '../localcluster/cluster/node-configuration.ts';
import { up } from '../localcluster/cluster/up.ts';
import { redpandaStandInImage } from '../localcluster/images/redpanda-stand-in/image.ts';
import { projectFolder, type Settings } from '../localcluster/settings.ts';
import type { LocalEngine } from './options.ts';
import { run, type Place } from './place.ts';

/** The node ports that values-local-cluster.yaml gives to the chat API and to the first of the brokers. */
const nodePorts = { api: 30_001, firstBroker: 30_002 } as const;
const brokers = 3;

/** Brings the local cluster up, or takes the one that is up. */
export async function localCluster(settings: Settings, engine: LocalEngine = 'kafka'): Promise<Place> {
  await up(settings, engine === 'redpanda' ? [redpandaStandInImage] : []);
  const kube = join(await ensure(settings, kubernetesPrograms), 'kube');
  const environment = { KUBECONFIG: kubeconfigFile(settings) };
  const api = machinePort(settings, nodePorts.api);
  const firstBroker = machinePort(settings, nodePorts.firstBroker);
  return {
    title: `the local cluster ${settings.clusterName}${engine === 'redpanda' ? ', with a stand-in for Redpanda' : ''}`,
    helmValues: [
      valuesFile('values-local-cluster.yaml'),
      ...(engine === 'redpanda' ? [valuesFile('values-local-cluster-redpanda.yaml')] : []),
      `--set=eventCluster.spec.externalAccess.firstPort=${firstBroker}`,
    ],
    kubectl: (args) => run(kube, ['kubectl', ...args], environment),
    helm: (args) => run(kube, ['helm', ...args], environment),
    reach: () =>
      Promise.resolve({
        api: `http://127.0.0.1:${api}`,
        bootstrapServers: Array.from({ length: brokers }, (_, index) => `127.0.0.1:${firstBroker + index}`),
        // This machine may have no kubectl of its own.
        commands: [`export KUBECONFIG=${environment.KUBECONFIG}`, `alias kubectl='${kube} kubectl'`],
        close: () => Promise.resolve(),
      }),
    removal: settings.clusterName === 'kafka-events' ? 'make down' : `make down CLUSTER=${settings.clusterName}`,
  };
}

const valuesFile = (name: string) => `--values=${join(projectFolder, 'charts', 'kafka-events', name)}`;

/** The port of this machine that leads to a node port. */
function machinePort(settings: Settings, nodePort: (typeof forwardedNodePorts)[number]): number {
  const port = machinePorts(settings)[1 + forwardedNodePorts.indexOf(nodePort)];
  if (port === undefined) throw new Error(`node port ${nodePort} is not forwarded`);
  return port;
}
