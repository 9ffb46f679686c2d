import { expect, it } from '@jest/globals';
import Encoder from 'kafkajs/src/protocol/encoder.js';
import { createUserAdmin, type Acl } from '../../../src/kafka/user-admin.ts';
import { createLogger } from '../../../src/lib/log.ts';
import { apiKeys, apiVersions, metadataOf, startFakeKafkaBroker } from '../../support/fake-kafka-broker.ts';

const modern = { [apiKeys.metadata]: 12, [apiKeys.apiVersions]: 2, [apiKeys.deleteAcls]: 1 };

const entry = (index: number): Acl => ({
  ...{ resourceType: 'Topic', resourceName: `topic-${index}`, patternType: 'Literal' },
  ...{ principal: 'User:orders', host: '*', operation: 'Read', permission: 'Allow' },
});

/** As many answers as there were filters, each of which matched nothing. */
function answerTo(filters: number): Buffer {
  const encoder = new Encoder().writeInt32(0).writeInt32(filters);
  for (let index = 0; index < filters; index += 1) encoder.writeInt16(0).writeString(null).writeInt32(0);
  return encoder.buffer;
}

it('deletes entries a few at a time: a controller compares each with all, and hears no broker meanwhile', async () => {
  const sizes: number[] = [];
  const broker = await startFakeKafkaBroker((request) => {
    if (request.apiKey === apiKeys.apiVersions) return apiVersions(request, modern);
    if (request.apiKey === apiKeys.metadata) return metadataOf(request);
    sizes.push(request.body.readInt32BE(0));
    return answerTo(sizes.at(-1)!);
  });
  const logger = createLogger({ name: 'test', level: 'silent' });
  const admin = createUserAdmin({ bootstrapServers: [`127.0.0.1:${broker.port}`], clientId: 'test' }, { logger });
  try {
    const results = await admin.deleteAcls(Array.from({ length: 250 }, (_, index) => entry(index)));
    expect(results).toEqual(Array.from({ length: 250 }, () => undefined));
    expect(sizes).toEqual([50, 50, 50, 50, 50]);
  } finally {
    await admin.close();
    await broker.stop();
  }
});
