import { randomBytes } from 'node:crypto';
import { createCredentialsConfiguration } from '../operator/configuration.ts';
import { createLogger } from '../lib/log.ts';
import { createCredentials, databaseCredentials, tokenCredentials } from '../operator/create-credentials.ts';
import { findApiServer } from '../operator/runtime/transport/find-api-server.ts';
import { HttpTransport } from '../operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../operator/runtime/transport/kubernetes-client.ts';

// Run by Helm before it installs, upgrades or rolls back: charts/kafka-events/templates/create-credentials.yaml
const configuration = createCredentialsConfiguration();
const { podNamespace: namespace, release, database, tokens } = configuration;
const logger = createLogger({ name: 'create-credentials', level: configuration.logLevel });
const generate = (length: number) => randomBytes(length).toString('base64url').slice(0, length);

const client = new KubernetesClient(new HttpTransport(await findApiServer(configuration.podAccess)));

try {
  const credentials = [
    ...(database ? [databaseCredentials(database.secretName, database.host, generate)] : []),
    ...(tokens ? [tokenCredentials(tokens.secretName, tokens.users, generate)] : []),
  ];
  await createCredentials({ client, logger, namespace, release, credentials });
} catch (error) {
  logger.fatal({ err: error }, 'The credentials are not those of this release');
  process.exitCode = 1;
} finally {
  client.close();
}
