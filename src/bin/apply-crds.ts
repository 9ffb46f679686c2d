import { KubeConfig } from '@kubernetes/client-node';
import { applyCrdsConfiguration } from '../lib/config.ts';
import { createLogger } from '../lib/log.ts';
import { applyCrds } from '../operator/apply-crds.ts';
import { HttpTransport } from '../operator/runtime/http-transport.ts';
import { apiServerOf } from '../operator/runtime/kubeconfig.ts';

// Run by Helm before it upgrades a release: charts/kafka-events/templates/apply-crds.yaml
const logger = createLogger({ name: 'apply-crds', level: applyCrdsConfiguration().logLevel });

const kubeConfig = new KubeConfig();
kubeConfig.loadFromDefault();
const transport = new HttpTransport(apiServerOf(kubeConfig));

try {
  await applyCrds({ transport, logger });
} catch (error) {
  logger.fatal({ err: error }, 'The CRDs are not those of this release');
  process.exitCode = 1;
} finally {
  transport.close();
}
