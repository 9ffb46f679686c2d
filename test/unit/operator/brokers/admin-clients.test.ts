import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemClock as clock } from '../../../../src/lib/clock.ts';
import { createLogger, type LogLevel } from '../../../../src/lib/log.ts';
import { AdminClients, readingRequests } from '../../../../src/operator/brokers/admin-clients.ts';

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

/** Every request that our clients can send, and whether the operator looks at its lease before it: it never sends Fetch. */
const guarded = {
  AddOffsetsToTxn: true,
  AddPartitionsToTxn: true,
  AlterClientQuotas: true,
  AlterPartitionReassignments: true,
  AlterUserScramCredentials: true,
  ApiVersions: false,
  CreateAcls: true,
  CreatePartitions: true,
  CreateTopics: true,
  DeleteAcls: true,
  DeleteGroups: true,
  DeleteTopics: true,
  DescribeAcls: false,
  DescribeClientQuotas: false,
  DescribeCluster: false,
  DescribeConfigs: false,
  DescribeGroups: false,
  DescribeLogDirs: false,
  DescribeQuorum: false,
  DescribeUserScramCredentials: false,
  ElectLeaders: true,
  EndTxn: true,
  Fetch: true,
  GroupCoordinator: false,
  IncrementalAlterConfigs: true,
  InitProducerId: true,
  LeaveGroup: true,
  ListGroups: false,
  ListOffsets: false,
  ListPartitionReassignments: false,
  Metadata: false,
  OffsetFetch: false,
  Produce: true,
  TxnOffsetCommit: true,
  UnregisterBroker: true,
};

const folder = 'src/kafka/protocol';

/** By name, as the sources have them: our own encodings, kafkajs's, and the one that it sends when it connects. */
async function requestsInSources(): Promise<string[]> {
  const names = ['ApiVersions'];
  for (const file of await readdir(folder)) {
    const source = await readFile(join(folder, file), 'utf8');
    for (const [, name] of source.matchAll(/apiName: '(\w+)'/g)) names.push(name!);
    for (const [, name] of source.matchAll(/^ {2}readonly (\w+): Api</gm)) names.push(name!);
  }
  return [...new Set(names)].toSorted();
}

describe('the guard before changes', () => {
  it('knows of every request whether it is one', async () => {
    expect(await requestsInSources()).toEqual(Object.keys(guarded));
  });

  it.each(Object.entries(guarded))('%s: %s', (name, isGuarded) => {
    expect(readingRequests.has(name)).toBe(!isGuarded);
  });

  it('takes what it does not know for a change', () => {
    for (const name of ['DeleteRecords', 'OffsetDelete', 'UpdateFeatures', 'CreateDelegationToken'])
      expect(readingRequests.has(name)).toBe(false);
  });
});
