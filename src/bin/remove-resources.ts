import { KubeConfig } from '@kubernetes/client-node';
import { systemClock as clock } from '../lib/clock.ts';
import { removeResourcesConfiguration } from '../lib/config.ts';
import { createLogger } from '../lib/log.ts';
import { removeResources } from '../operator/remove-resources.ts';
import { HttpTransport } from '../operator/runtime/http-transport.ts';
import { apiServerOf } from '../operator/runtime/kubeconfig.ts';
import { KubernetesClient } from '../operator/runtime/kubernetes-client.ts';

// Run by Helm before it uninstalls a release: charts/kafka-events/templates/remove-resources.yaml
const { podNamespace: namespace, release, logLevel } = removeResourcesConfiguration();
const logger = createLogger({ name: 'remove-resources', level: logLevel });

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const client = new KubernetesClient(new HttpTransport(apiServerOf(kubeConfig)));

try {
  const label = { name: 'app.kubernetes.io/instance', value: release };
  await removeResources({ client, clock, logger, namespace, label });
} catch (error) {
  logger.fatal({ err: error }, 'Resources remain');
  process.exitCode = 1;
} finally {
  client.close();
}
