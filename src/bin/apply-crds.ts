import { applyCrdsConfiguration } from '../operator/configuration.ts';
import { createLogger } from '../lib/log.ts';
import { applyCrds } from '../operator/apply-crds.ts';
import { findApiServer } from '../operator/runtime/transport/find-api-server.ts';
import { HttpTransport } from '../operator/runtime/transport/http-transport.ts';

// Run by Helm before it upgrades a release: charts/kafka-events/templates/apply-crds.yaml
const { podAccess, logLevel } = applyCrdsConfiguration();
const logger = createLogger({ name: 'apply-crds', level: logLevel });

const transport = new HttpTransport(await findApiServer(podAccess));

try {
  await applyCrds({ transport, logger });
} catch (error) {
  logger.fatal({ err: error }, 'The CRDs are not those of this release');
  process.exitCode = 1;
} finally {
  transport.close();
}
