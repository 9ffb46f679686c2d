import { describe, expect, it } from '@jest/globals';
import { Reminders, type Reminder } from '../../../../src/chat-api/web/data/reminders.js';

const reminder = (id: string): Reminder => ({
  id,
  task_id: 'task',
  title: id,
  due_date: '2050-01-01T00:00:00.000Z',
  fired_at: '2050-01-01T00:00:00.000Z',
  lead_time_seconds: 0,
});
const titles = (reminders: Reminder[]) => reminders.map(({ title }) => title).join(' ');

describe('reminders', () => {
  it('are told once, however often the server sends them', () => {
    const reminders = new Reminders();
    reminders.load([reminder('two'), reminder('one')], reminders.ids);
    expect([reminders.add(reminder('two')), reminders.add(reminder('three'))]).toEqual([true, true]);
    expect([titles(reminders.all), titles(reminders.unseen)]).toEqual(['three two one', 'three two']);
    reminders.see(['two', 'three']);
    expect(reminders.add(reminder('two'))).toBe(false);
    expect(reminders.unseen).toEqual([]);
  });

  it('go when they were cleared elsewhere, and stay when they came while the list was being read', () => {
    const reminders = new Reminders();
    for (const name of ['one', 'two']) reminders.add(reminder(name));
    const before = reminders.ids;
    reminders.add(reminder('three'));
    reminders.load([reminder('two')], before);
    expect([titles(reminders.all), titles(reminders.unseen)]).toEqual(['three two', 'three two']);
  });

  it('do not come back before the server knows that they were cleared', () => {
    const reminders = new Reminders();
    reminders.add(reminder('one'));
    reminders.clear(['one']);
    reminders.load([reminder('one')], reminders.ids);
    expect([reminders.add(reminder('one')), reminders.all]).toEqual([false, []]);
  });
});
