import { say, step } from '../localcluster/progress.ts';
import type { KafkaConnection } from '../src/kafka/connection.ts';
import { chatWith, type Answer, type Chat } from './chat.ts';
import { namespace, readToken, topics } from './install.ts';
import type { Place, Reach } from './place.ts';
import { waitForSchedule } from './schedule.ts';
import { timesOf, type Times } from './times.ts';
import { watchTopics, type SeenMessage, type TopicWatch } from './topic-watch.ts';

/** What the story measured. */
export interface StoryTimes {
  /** From a chat message to its answer. */
  readonly answer: Times;
  /** From a request to its event, as a Kafka client sees it. */
  readonly eventInTopic: Times;
  /** From the event to the reminder's row in PostgreSQL, with the time of the look itself. */
  readonly scheduled: Times;
  /** From the due time to the reminder, as a Kafka client sees it. */
  readonly reminderLate: Times;
  readonly events: number;
  readonly invalidEvents: readonly string[];
}

const eventLimit = 30_000;
const reminderLimit = 60_000;

/** A task made by chat and reminded of, one that is moved and then reminded of, and one that is deleted and never heard of. */
export async function tellStory(place: Place, reach: Reach, connection: KafkaConnection): Promise<StoryTimes> {
  const chat = chatWith(reach.api, await readToken(place, 'demo'));
  const watch = await step('A Kafka client reads the three topics', () => watchTopics(connection, topics));
  try {
    const scenes = new Scenes(place, chat, watch);
    const rent = await scenes.change('Pay rent in 20 seconds #home !high', 'task-created');
    showMessage(rent.message);
    await scenes.scheduled(rent, (dueTimes) => dueTimes.length === 1);

    const bank = await scenes.change('Call the bank in 2 hours', 'task-created');
    await scenes.scheduled(bank, (dueTimes) => dueTimes.length === 1);
    const moved = await scenes.change('Move "Call the bank" to in 25 seconds', 'task-updated');
    await scenes.scheduled(moved, ([due]) => due !== undefined && due < Date.now() + 60_000);

    const plants = await scenes.change('Water the plants in 15 seconds', 'task-created');
    await scenes.scheduled(plants, (dueTimes) => dueTimes.length === 1);
    const deleted = await scenes.change('Delete "Water the plants"', 'task-deleted');
    await scenes.scheduled(deleted, (dueTimes) => dueTimes.length === 0);

    await scenes.reminded(rent);
    await scenes.reminded(moved);
    scenes.neverRemindedOf(deleted);
    return scenes.times();
  } finally {
    await watch.stop();
  }
}

/** Something that was said, and the event that came of it. */
interface Change {
  readonly said: string;
  readonly answer: Answer;
  readonly message: SeenMessage;
}

class Scenes {
  readonly #place: Place;
  readonly #chat: Chat;
  readonly #watch: TopicWatch;
  readonly #answer: number[] = [];
  readonly #eventInTopic: number[] = [];
  readonly #scheduled: number[] = [];
  readonly #reminderLate: number[] = [];

  constructor(place: Place, chat: Chat, watch: TopicWatch) {
    this.#place = place;
    this.#chat = chat;
    this.#watch = watch;
  }

  /** Says it, and waits for the event. */
  async change(said: string, eventType: string): Promise<Change> {
    const before = new Set(this.#watch.seen);
    const answer = await this.#chat(said);
    const isItsEvent = (message: SeenMessage) =>
      !before.has(message) && message.key === answer.taskId && message.event.event_type === eventType;
    const message = await this.#watch.find(isItsEvent, eventLimit);
    this.#answer.push(answer.answeredAt - answer.askedAt);
    this.#eventInTopic.push(message.seenAt - answer.askedAt);
    say(`\n  you       ${said}\n  chat API  ${answer.reply}`);
    say(`  Kafka     ${eventType} in ${message.topic}, ${message.seenAt - answer.askedAt} ms after the request`);
    return { said, answer, message };
  }

  /** Waits until the worker's schedule of the task is as it should be; due times are in milliseconds since the epoch. */
  async scheduled({ answer, message }: Change, isAsWanted: (dueTimes: readonly number[]) => boolean): Promise<void> {
    const reminders = await waitForSchedule(this.#place, namespace, answer.taskId, (rows) =>
      isAsWanted(rows.map(({ dueAt }) => Date.parse(dueAt))),
    );
    const took = Date.now() - message.seenAt;
    this.#scheduled.push(took);
    const dueTimes = reminders.map(({ dueAt }) => dueAt).join(', ');
    say(
      `  worker    ${dueTimes === '' ? 'no reminder any more' : `reminder at ${dueTimes}`}, seen ${took} ms after the event`,
    );
  }

  async reminded({ said, answer }: Change): Promise<void> {
    const isItsReminder = ({ key, event }: SeenMessage) => key === answer.taskId && event.event_type === 'reminder-due';
    const { event, seenAt } = await step(`Waiting until it is due: ${said}`, () =>
      this.#watch.find(isItsReminder, reminderLimit),
    );
    const late = seenAt - Date.parse(event.payload.due_date ?? '');
    this.#reminderLate.push(late);
    const count = this.#watch.seen.filter(isItsReminder).length;
    if (count !== 1) throw new Error(`${count} reminders for "${said}" where there must be one`);
    say(`  reminder  due ${event.payload.due_date}, fired ${late} ms after it, once`);
  }

  /** Its due time has passed by now: the others were due later. */
  neverRemindedOf({ said, answer }: Change): void {
    const found = this.#watch.seen.find(({ key, topic }) => key === answer.taskId && topic === 'reminders');
    if (found) throw new Error(`A reminder fired for a task that was gone: ${said}`);
    say(`  ✓ No reminder after: ${said}`);
  }

  times(): StoryTimes {
    const invalid = this.#watch.seen.flatMap(({ event, invalid }) =>
      invalid ? [`${event.event_type}: ${invalid}`] : [],
    );
    return {
      answer: timesOf(this.#answer),
      eventInTopic: timesOf(this.#eventInTopic),
      scheduled: timesOf(this.#scheduled),
      reminderLate: timesOf(this.#reminderLate),
      events: this.#watch.seen.length,
      invalidEvents: invalid,
    };
  }
}

function showMessage({ topic, partition, offset, key, headers, event }: SeenMessage): void {
  say(`\n  The event in Kafka: ${topic}, partition ${partition}, offset ${offset}`);
  say(`  key ${key}`);
  for (const [name, value] of Object.entries(headers)) say(`  ${name}: ${value}`);
  say(JSON.stringify(event, undefined, 2).replace(/^/gm, '  '));
}
