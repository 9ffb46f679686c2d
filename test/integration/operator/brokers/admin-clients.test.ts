import { expect, it } from '@jest/globals';
import { startKafka } from '../../../../localcluster/parts/kafka.ts';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { ExpectedError } from '../../../../src/lib/errors.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';
import { silentLogger as logger } from '../../../support/running-manager.ts';

it('clients look at brokers, and change nothing, while another operator may lead', async () => {
  const refusal = new ExpectedError('LeadershipLost', 'another one leads');
  let leads = false;
  const asked: string[] = [];
  const beforeChange = () => {
    if (!leads) throw refusal;
  };
  const kafka = await startKafka();
  const clients = new AdminClients({ clock, logger, onRequest: (api) => asked.push(api), beforeChange });
  try {
    const admin = clients.topicAdmin({ bootstrapServers: [kafka.bootstrapServers], clientId: 'test' });
    expect((await admin.createTopics([{ name: 'a' }])).get('a')).toBe(refusal);
    expect((await admin.deleteTopics([{ name: 'a', topicId: undefined }])).get('a')).toBe(refusal);
    expect((await admin.describeTopics(['a'])).size).toBe(0);
    expect(asked).toContain('Metadata');
    expect(asked).not.toContain('CreateTopics');
    leads = true;
    expect((await admin.createTopics([{ name: 'a' }])).get('a')).toBeUndefined();
    expect(asked).toContain('CreateTopics');
  } finally {
    await clients.stop();
    await kafka.stop();
  }
});
