import { describe, expect, it } from '@jest/globals';
import { settle, type Change, type Seen } from '../../soak/account.ts';

const due = Date.parse('2026-01-01T09:00:00Z');
const created: Change = {
  ...{ taskId: 'a', version: 1, askedAt: due - 5000, answeredAt: due - 4900 },
  ...{ dueAt: due, recurs: false },
};
const seen: Seen = {
  events: [{ eventId: 'e1', taskId: 'a', version: 1 }],
  reminders: [{ eventId: 'r1', taskId: 'a', dueAt: due, leadTimeSeconds: 0, at: due + 20 }],
  deadLetters: 0,
};
const later = due + 600_000;
const problems = (changes: readonly Change[], what: Partial<Seen> = {}) =>
  settle(changes, { ...seen, ...what }, later).problems;

describe('the account of a soak', () => {
  it('is clean where all came once', () => {
    const { problems: none, figures } = settle([created], seen, later);
    expect(none).toEqual([]);
    expect(figures).toEqual({
      ...{ changes: 1, events: 1, repeated: 0, reminders: 1, remindersDue: 1, overtaken: 0 },
      lateness: { p50: 20, p99: 20, maximum: 20 },
    });
  });

  it('finds what is lost', () => {
    expect(problems([created], { events: [] })).toEqual(['lost: the event of version 1 of task a']);
    expect(problems([created], { reminders: [] })).toEqual([
      expect.stringMatching(/^no reminder of a 2026-01-01T09:00:00.000Z \(asked for .* stood to the end/),
    ]);
  });

  it('counts what came again, and finds what came as another', () => {
    const again = settle([created], { ...seen, events: [...seen.events, ...seen.events] }, later);
    expect(again).toMatchObject({ problems: [], figures: { repeated: 1 } });
    const other = { ...seen.events[0]!, eventId: 'e2' };
    expect(problems([created], { events: [...seen.events, other] })).toEqual(['twice: a 1 as e1 and e2']);
    const reminder = { ...seen.reminders[0]!, eventId: 'r2' };
    expect(problems([created], { reminders: [...seen.reminders, reminder] })).toEqual([
      'reminded twice of a 2026-01-01T09:00:00.000Z as r1 and r2',
    ]);
  });

  it('finds what nobody asked for, and what came too early', () => {
    expect(problems([created], { events: [...seen.events, { eventId: 'e2', taskId: 'a', version: 2 }] })).toEqual([
      'of nobody: the event of version 2 of task a',
    ]);
    expect(problems([created], { reminders: [{ ...seen.reminders[0]!, at: due - 1 }] })).toEqual([
      expect.stringMatching(/^untimely: a reminder of a /),
    ]);
    expect(problems([created], { deadLetters: 2 })).toEqual(['2 dead letters']);
  });

  it('asks for no reminder of what changed before its time, or about that time', () => {
    const change = (askedAt: number, dueAt?: number): Change => ({
      ...{ taskId: 'a', version: 2, askedAt, answeredAt: askedAt + 10, dueAt, recurs: false },
    });
    const events = [...seen.events, { eventId: 'e2', taskId: 'a', version: 2 }];
    for (const askedAt of [due - 1000, due + 1000])
      expect(problems([created, change(askedAt)], { events, reminders: [] })).toEqual([]);
    expect(problems([created, change(due + 70_000)], { events, reminders: [] })).toHaveLength(1);
    // Another that was due then had been reminded of by that time, or not even that.
    const beside = (lateMilliseconds: number) => {
      const other = { ...created, taskId: 'b' };
      const itsEvent = { eventId: 'e3', taskId: 'b', version: 1 };
      const its = { ...seen.reminders[0]!, taskId: 'b', at: due + lateMilliseconds };
      const all = { ...seen, events: [...events, itsEvent], reminders: [its] };
      return settle([created, change(due + 70_000), other], all, later);
    };
    expect(beside(50_000).problems).toEqual([expect.stringMatching(/others of that time up to 50 s late/)]);
    expect(beside(60_000)).toMatchObject({ problems: [], figures: { overtaken: 1 } });
    // Another title changes nothing about it.
    expect(problems([created, change(due - 1000, due)], { events, reminders: [] })).toHaveLength(1);
  });

  it('asks for reminders by the lead times that counted all the while, and for none by those that no longer do', () => {
    const ahead = { ...seen.reminders[0]!, eventId: 'r3', leadTimeSeconds: 3, at: due - 2900 };
    const reminders = [...seen.reminders, ahead];
    const withRollouts = (what: Partial<Seen>, ...askedAt: number[]) => {
      const rollouts = askedAt.map((at, index) => ({ seconds: [[0, 3], [0]][index]!, askedAt: at, doneAt: at + 9000 }));
      return settle([created], { ...seen, ...what }, later, rollouts).problems;
    };
    const [long, longer] = [due - 600_000, due - 1_200_000];
    expect(withRollouts({ reminders }, long)).toEqual([]);
    expect(withRollouts({}, long)).toEqual([
      expect.stringMatching(/^no reminder of a 2026-01-01T09:00:00.000Z 3 s ahead \(/),
    ]);
    expect(withRollouts({}, due - 20_000)).toEqual([]);
    expect(withRollouts({ reminders }, due - 20_000)).toEqual([]);
    expect(withRollouts({ reminders }, longer, long)).toEqual([expect.stringMatching(/^untimely: .* 3 s ahead at /)]);
    expect(withRollouts({ reminders }, longer, due - 20_000)).toEqual([]);
    expect(withRollouts({ reminders: [...seen.reminders, { ...ahead, at: due - 3100 }] }, long)).toHaveLength(1);
    expect(problems([created], { reminders })).toHaveLength(1);
  });

  it('lets a series go on, and skip what was due while workers were away', () => {
    const series = { ...created, recurs: true };
    const at = due + 120_000;
    const reminders = [...seen.reminders, { eventId: 'r3', taskId: 'a', dueAt: at, leadTimeSeconds: 0, at }];
    expect(problems([series], { reminders })).toEqual([]);
  });
});
