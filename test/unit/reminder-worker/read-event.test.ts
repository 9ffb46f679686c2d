import { describe, expect, it } from '@jest/globals';
import { encodeEvent } from '../../../src/events/encode.ts';
import type { ConsumedMessage } from '../../../src/kafka/consumer-options.ts';
import { readEvent } from '../../../src/reminder-worker/read-event.ts';
import { taskCreated, taskDeleted, taskUpdated } from '../../support/task-history.ts';

function message(event: Parameters<typeof encodeEvent>[0]): ConsumedMessage {
  const { key, value, headers } = encodeEvent(event, 3);
  return { topic: 'task-events', partition: 0, offset: '7', key: Buffer.from(key), value: Buffer.from(value), headers };
}

describe('an event that is read', () => {
  const taskId = '7F3C1A52-9B0E-4D8A-8C55-2E6A1B4D9F03';

  it.each([
    ['task-created', taskCreated(taskId, {})],
    ['task-updated', taskUpdated(taskId, { title: 'Pay rent' })],
    ['task-deleted', taskDeleted(taskId)],
  ])('has the id of the task as the database has it, however the producer writes it: %s', (_, event) => {
    const read = readEvent(message(event));
    expect(read).toEqual({
      event: { ...event, payload: { ...event.payload, task_id: taskId.toLowerCase() } },
      version: 3,
    });
  });
});
