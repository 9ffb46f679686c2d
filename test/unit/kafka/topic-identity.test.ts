import { describe, expect, it } from '@jest/globals';
import { isStale } from '../../../src/kafka/topic-identity.ts';

describe('a committed offset', () => {
  it.each([
    // [what was committed with it, the topic's id now, the state now, whether it is stale]
    ['topic-id=A', 'A', undefined, false],
    ['topic-id=B', 'A', undefined, true],
    ['topic-id=B', undefined, undefined, false],
    ['state=1 topic-id=A', 'A', '1', false],
    ['state=1 topic-id=B', 'A', '1', true],
    ['state=2 topic-id=A', 'A', '1', true],
    ['state=1 topic-id=A', 'A', undefined, false],
    // Of a version that knew of no states.
    ['topic-id=A', 'A', '1', true],
    // A person has set it.
    ['', 'A', '1', false],
    [null, 'A', '1', false],
  ])('with %j in topic %j for state %j is stale: %j', (metadata, topicId, state, stale) => {
    expect(isStale({ offset: 7n, metadata }, topicId, state)).toBe(stale);
    expect(isStale({ offset: -1n, metadata }, topicId, state)).toBe(false);
  });
});
