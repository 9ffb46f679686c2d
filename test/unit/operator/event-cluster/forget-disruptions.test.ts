import { expect, it } from '@jest/globals';
import { disruptionsThatAreOver } from '../../../../src/operator/event-cluster/forget-disruptions.ts';

const status = { disruptedPods: { 'events-1': '2026-05-01T12:00:00Z' } } as never;

function pod(change: { name?: string; created?: string; deleted?: string; ready?: string } = {}) {
  const { name = 'events-1', created = '2026-05-01T12:00:05Z', deleted, ready = 'True' } = change;
  const metadata = { name, creationTimestamp: created, ...(deleted !== undefined && { deletionTimestamp: deleted }) };
  return { metadata, status: { conditions: [{ type: 'Ready', status: ready }] } } as never;
}

it.each([
  ['is over when the next pod is ready', pod(), ['events-1']],
  ['is over when the next pod was made in the same second', pod({ created: '2026-05-01T12:00:00Z' }), ['events-1']],
  ['goes on while the pod that was evicted is there', pod({ created: '2026-05-01T11:00:00Z' }), []],
  ['goes on while the pod ends', pod({ deleted: '2026-05-01T12:00:30Z' }), []],
  ['goes on while the next pod is not ready', pod({ ready: 'False' }), []],
  ['goes on while only others are there', pod({ name: 'events-2' }), []],
])('an eviction that a budget has noted %s', (_, present, over) => {
  expect(disruptionsThatAreOver({ status }, [present])).toEqual(over);
});

it('is none in a budget that has noted none', () => {
  expect(disruptionsThatAreOver({}, [pod()])).toEqual([]);
});
