import { describe, expect, it } from '@jest/globals';
import { noInputs } from '../../../../../src/operator/workloads/deployment.ts';
import { workerDeployment } from '../../../../../src/operator/workloads/reminder-consumer/deployment.ts';
import { aReminderConsumer } from '../../../../support/resources.ts';

interface Version {
  readonly generation: number;
  readonly leadTimesSeconds: readonly number[];
  readonly creationTimestamp?: string;
}

function deploymentOf(version: Version, running?: ReturnType<typeof workerDeployment>) {
  const { generation, leadTimesSeconds, creationTimestamp = '2026-01-01T00:00:00Z' } = version;
  const consumer = aReminderConsumer({ leadTimesSeconds });
  const metadata = { ...consumer.metadata, generation, creationTimestamp };
  return workerDeployment({
    consumer: { ...consumer, metadata },
    replicas: 1,
    defaultImage: 'a',
    running,
    ...noInputs,
  });
}

function revisionOf({ spec }: ReturnType<typeof workerDeployment>): number {
  const env = spec!.template.spec!.containers[0]!.env!;
  return Number(env.find(({ name }) => name === 'LEAD_TIMES_REVISION')?.value);
}

describe('the revision of the lead times', () => {
  const first = deploymentOf({ generation: 1, leadTimesSeconds: [0] });

  it('grows when they change, also when they change back', () => {
    const second = deploymentOf({ generation: 2, leadTimesSeconds: [60] }, first);
    const third = deploymentOf({ generation: 3, leadTimesSeconds: [0] }, second);
    expect(revisionOf(second)).toBeGreaterThan(revisionOf(first));
    expect(revisionOf(third)).toBeGreaterThan(revisionOf(second));
  });

  it('stays when something else changes, which need not replace the pods', () => {
    expect(deploymentOf({ generation: 7, leadTimesSeconds: [0] }, first)).toEqual(first);
  });

  it('is greater for a resource that was made anew', () => {
    const before = deploymentOf({ generation: 90_000, leadTimesSeconds: [60] });
    const after = deploymentOf({ generation: 1, leadTimesSeconds: [0], creationTimestamp: '2026-01-01T00:00:01Z' });
    expect(revisionOf(after)).toBeGreaterThan(revisionOf(before));
    expect(Number.isSafeInteger(revisionOf(after))).toBe(true);
  });
});
