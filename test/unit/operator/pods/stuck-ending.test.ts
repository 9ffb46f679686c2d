import { expect, it } from '@jest/globals';
import { stuckEnding } from '../../../../src/operator/pods/stuck-ending.ts';

const now = new Date('2026-05-01T12:00:00Z');
const pod = (secondsAgo: number | undefined, finalizers?: readonly string[]) => {
  const ends = secondsAgo !== undefined && new Date(now.getTime() - secondsAgo * 1000);
  const metadata = { name: 'events-1', ...(ends && { deletionTimestamp: ends }), finalizers };
  return { metadata, spec: { nodeName: 'worker-3' } } as never;
};

it.each([
  ['runs', pod(undefined)],
  ['has time to end', pod(-30)],
  ['should just have ended', pod(20)],
])('nothing is said of a pod that %s', (_, one) => {
  expect(stuckEnding([one], now)).toBeUndefined();
});

it('a pod that does not end is told with its node, and what to do', () => {
  expect(stuckEnding([pod(undefined), pod(90)], now)).toBe(
    'Pod events-1: it should have ended by 2026-05-01T11:58:30Z, and nothing takes its place until it does. Check node ' +
      'worker-3. If that is down for good, delete the node, or taint it with node.kubernetes.io/out-of-service, so that the ' +
      'broker starts elsewhere.',
  );
});

it('a pod that finalizers hold is told with them', () => {
  expect(stuckEnding([pod(90, ['example.org/keep'])], now)).toMatch(/Its finalizers hold it: example.org\/keep\.$/);
});
