import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isTimeZone, isWhen, resolveWhen, zoned } from '../../../../src/chat-api/quick-add/when.ts';

const zone = 'Europe/Berlin';
const at = (now: string) => ({ now: new Date(now), zone });

describe('resolveWhen', () => {
  it.each([
    ['2026-11-25T09:00', '2026-11-25T08:00:00.000Z'],
    ['2026-11-24T15:30:32.345Z', '2026-11-24T15:30:32.345Z'],
    ['2026-11-25', '2026-11-25T08:00:00.000Z'],
    ['2026-11-24', '2026-11-24T17:00:00.000Z'],
    ['17:00', '2026-11-24T16:00:00.000Z'],
    ['09:00', '2026-11-25T08:00:00.000Z'],
  ])('resolves %s in the zone of the user', (when, expected) => {
    expect(resolveWhen(when, at('2026-11-24T15:30:00Z')).toISOString()).toBe(expected);
  });

  it('keeps the time of day for a bare date, and the date for a bare time', () => {
    const previous = new Date('2026-12-01T05:45:00Z');
    expect(resolveWhen('2026-12-04', at('2026-11-24T15:30:00Z'), previous).toISOString()).toBe(
      '2026-12-04T05:45:00.000Z',
    );
    expect(resolveWhen('10:00', at('2026-11-24T15:30:00Z'), previous).toISOString()).toBe('2026-12-01T09:00:00.000Z');
  });

  it('takes a time that spring skips an hour later, and the first of one that autumn repeats', () => {
    expect(resolveWhen('2026-03-29T02:30', at('2026-03-28T12:00:00Z')).toISOString()).toBe('2026-03-29T01:30:00.000Z');
    expect(resolveWhen('2026-10-25T02:30', at('2026-10-24T12:00:00Z')).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  it('shows the wall clock that was asked for in any zone, gaps aside', () => {
    const zones = fc.constantFrom(
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
      'Pacific/Apia',
      'UTC',
      zone,
    );
    const minutes = fc.integer({ min: 0, max: 4 * 366 * 24 * 60 });
    fc.assert(
      fc.property(zones, minutes, (name, minute) => {
        const wall = Temporal.PlainDateTime.from('2025-01-01T00:00').add({ minutes: minute });
        const instant = resolveWhen(wall.toString({ smallestUnit: 'minute' }), { now: new Date(0), zone: name });
        const shown = zoned(instant, name).toPlainDateTime();
        const skipped = !wall.toZonedDateTime(name).toPlainDateTime().equals(wall);
        expect(Temporal.PlainDateTime.compare(shown, wall)).toBe(skipped ? 1 : 0);
      }),
    );
  });
});

describe('isWhen', () => {
  it.each(['2026-02-31', '25:00', 'tomorrow', '2026-11-24T15:30+', ''])('refuses %j', (text) => {
    expect(isWhen(text)).toBe(false);
  });
});

describe('isTimeZone', () => {
  it.each([
    ['Europe/Berlin', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['+01:00', false],
    ['', false],
  ])('says of %j: %p', (name, known) => {
    expect(isTimeZone(name)).toBe(known);
  });
});
