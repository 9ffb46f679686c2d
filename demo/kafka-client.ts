import { join } from 'node:path';
import { projectFolder } from '../localcluster/settings.ts';
import type { KafkaConnection } from '../src/kafka/connection.ts';
import type { Place, Reach } from './place.ts';
import { waitUntilReady } from './wait.ts';

const user = 'demo';

/** How a client of this machine connects to the brokers: as a user made for it, where they ask for one. */
export async function connectTo(place: Place, namespace: string, reach: Reach): Promise<KafkaConnection> {
  const connection = { bootstrapServers: [...reach.bootstrapServers], clientId: 'demo' };
  const asksForUsers = await place.kubectl([
    ...['get', 'eventcluster/events', '--namespace', namespace, '--output=jsonpath={.status.security.authentication}'],
  ]);
  if (asksForUsers !== 'true') return connection;
  await place.kubectl([
    ...['apply', '--namespace', namespace, '--filename', join(projectFolder, 'demo', 'event-user.yaml')],
  ]);
  await waitUntilReady(place, namespace, `EventUser ${user} is Ready`, [`eventuser/${user}`], 60);
  const secret = await place.kubectl(['get', 'secret', user, '--namespace', namespace, '--output=json']);
  const { data } = JSON.parse(secret) as { data: Record<string, string> };
  const value = (key: string) => Buffer.from(data[key] ?? '', 'base64').toString();
  return {
    ...connection,
    tls: { ca: value('ca.crt') },
    sasl: { mechanism: 'SCRAM-SHA-512', username: value('username'), password: value('password') },
  };
}
