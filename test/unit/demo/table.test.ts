import { expect, it } from '@jest/globals';
import { renderTable, rows } from '../../../demo/table.ts';
import { timesOf } from '../../../demo/times.ts';

const install = { cluster: 79.24, topics: 31 };
const story = {
  answer: timesOf([2717, 300, 200]),
  eventInTopic: timesOf([4452, 377, 1101, 290, 300]),
  scheduled: timesOf([2630, 2100]),
  reminderLate: timesOf([201]),
  events: 7,
  invalidEvents: [],
};

it('shows what was promised beside what was seen, and marks what was not kept', () => {
  expect(renderTable(rows(install, story, 774))).toBe(
    [
      '  ✓ SC-001  helm install to EventCluster Ready     79.2 s  limit 180 s',
      '  ✗ SC-002  then all topics Ready                  31.0 s  limit 30 s',
      '  ✗ SC-003  request to event in topic             4452 ms  limit 1000 ms  typical 377 ms',
      '  ✗ SC-004  event to schedule                     2630 ms  limit 2000 ms  typical 2630 ms',
      '  ✓ SC-005  events that pass their schema          7 of 7  limit all',
      '  ✗         chat request to answer                2717 ms  limit 1000 ms  typical 300 ms',
      '  ✓         reminder after its due time            201 ms  limit 1000 ms  typical 201 ms',
      '            the whole demo                          774 s',
    ].join('\n'),
  );
});

it('keeps SC-005 only where there were events', () => {
  const table = rows(install, { ...story, events: 0 }, 774);
  expect(table.find(({ promise }) => promise.startsWith('SC-005'))).toMatchObject({ kept: false });
});

it('refuses to speak of what was never measured', () => {
  expect(() => timesOf([])).toThrow(RangeError);
});
