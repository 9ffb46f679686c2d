import { describe, expect, it } from '@jest/globals';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { createLogger, type LogLevel } from '../../../../src/lib/log.ts';
import { AdminClients } from '../../../../src/operator/brokers/admin-clients.ts';

const nowhere = { bootstrapServers: ['127.0.0.1:9'], clientId: 'test' };

/** What is logged while brokers that are not there are asked. */
async function linesOfFailure(level: LogLevel): Promise<string[]> {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  const clients = new AdminClients({ clock, logger: createLogger({ name: 'operator', level, destination }) });
  const asked = clients.topicAdmin(nowhere).describeCluster();
  await expect(asked).rejects.toMatchObject({ code: 'BrokerUnreachable' });
  await clients.stop();
  return lines;
}

describe('the clients of clusters', () => {
  it('leave it to their callers to tell what fails', async () => {
    expect(await linesOfFailure('info')).toEqual([]);
  });

  it('tell each attempt to those who look for mistakes', async () => {
    expect((await linesOfFailure('debug')).join('')).toContain('ECONNREFUSED');
  });
});
