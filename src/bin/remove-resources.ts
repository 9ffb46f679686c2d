import { systemClock as clock } from '../lib/clock.ts';
import { removeResourcesConfiguration } from '../operator/configuration.ts';
import { createLogger } from '../lib/log.ts';
import { removeResources } from '../operator/remove-resources.ts';
import { findApiServer } from '../operator/runtime/transport/find-api-server.ts';
import { HttpTransport } from '../operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../operator/runtime/transport/kubernetes-client.ts';

// Run by Helm before it uninstalls a release: charts/kafka-events/templates/remove-resources.yaml
const configuration = removeResourcesConfiguration();
const { podAccess, podNamespace: namespace, release, tokensSecretName, jobName, logLevel } = configuration;
const logger = createLogger({ name: 'remove-resources', level: logLevel });

const client = new KubernetesClient(new HttpTransport(await findApiServer(podAccess)));

try {
  const label = { name: 'app.kubernetes.io/instance', value: release };
  await removeResources({ client, clock, logger, namespace, label, tokensSecretName, jobName });
} catch (error) {
  logger.fatal({ err: error }, 'Resources remain');
  process.exitCode = 1;
} finally {
  client.close();
}
