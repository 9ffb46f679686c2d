/**
 * Forms that are rare one by one, and common together: each with the title, the due date and the rule. It is Tuesday
 * 2026-03-10 14:30 in Berlin.
 */
export const oddForms: readonly (readonly string[])[] = [
  // Weeks of a month.
  ['Report every 1st and 3rd week on monday', 'Report', '', 'FREQ=MONTHLY;BYDAY=1MO,3MO', 'says'],
  ['Sync every 2nd and 4th week of the month on tuesday', 'Sync', '', 'FREQ=MONTHLY;BYDAY=2TU,4TU', 'says'],
  ['Sync every first week of the month on tuesday at 9', 'Sync', '09:00', 'FREQ=MONTHLY;BYDAY=1TU', 'says'],
  ['Sync on friday of every last week of the month', 'Sync of every last week of the month', '2026-03-13', '', 'says'],
  ['Sync every 1st and 3rd week', 'Sync every 1st and 3rd week', '', '', 'says'],
  // Until a year.
  ['Report every day until 2027', 'Report', '', 'FREQ=DAILY;UNTIL=20261231T225959Z', 'says'],
  ['Report weekly till 2028', 'Report', '', 'FREQ=WEEKLY;UNTIL=20271231T225959Z', 'says'],
  ['Report every day until 2025', 'Report every day until 2025', '', '', 'says'],
  ['Report until 2027', 'Report until 2027', '', '', 'says'],
  // Ranges of weekdays and further ones.
  ['Gym mon-wed,fri', 'Gym', '', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,FR', 'says'],
  ['Gym mon-wed and fri', 'Gym', '', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,FR', 'says'],
  ['Gym mon, wed-fri at 7am', 'Gym', '07:00', 'FREQ=WEEKLY;BYDAY=MO,WE,TH,FR', 'says'],
  ['Gym every mon-wed,fri', 'Gym', '', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,FR'],
  ['Gym tue-thu', 'Gym', '2026-03-17', '', 'says'],
  // Marks before a date.
  ['Buy milk //tomorrow', 'Buy milk //tomorrow', '', '', 'says'],
  ['Buy milk /tomorrow', 'Buy milk /tomorrow', '', '', 'says'],
  ['Clear /tmp tomorrow', 'Clear /tmp', '2026-03-11', ''],
  ['Clear /tmp/2026-04-01/today', 'Clear /tmp/2026-04-01/today', '', ''],
  ['Buy milk,tomorrow', 'Buy milk', '2026-03-11', ''],
  ['Buy milk;friday at 5pm', 'Buy milk', '2026-03-13T17:00', ''],
  ['Buy milk @due(2026-03-20)', 'Buy milk @due(2026-03-20)', '', '', 'says'],
  // Bounds of nothing.
  ['Run every day for 0 times', 'Run every day for 0 times', '', '', 'says'],
  ['Run every day 0 times', 'Run every day 0 times', '', '', 'says'],
  ['Run every day 0x', 'Run every day 0x', '', '', 'says'],
  ['Run every day for 0 days', 'Run every day for 0 days', '', '', 'says'],
  ['Run every day for -3 days', 'Run for -3 days', '', 'FREQ=DAILY', 'says'],
  ['Run every day for zero days', 'Run for zero days', '', 'FREQ=DAILY', 'says'],
  ['Run every day for one time', 'Run', '', 'FREQ=DAILY;COUNT=1'],
  // Names with a time of day in them.
  ["5 o'clock shadow razor", "5 o'clock shadow razor", '', '', 'says'],
  ["Buy a five o'clock shadow razor tomorrow", "Buy a five o'clock shadow razor", '2026-03-11', '', 'says'],
  ["Watch the 10 o'clock news", "Watch the 10 o'clock news", '', '', 'says'],
  ["5 o'clock tea with Ann", 'tea with Ann', '17:00', ''],
  // Hour and minutes apart.
  ['5 30', '5 30', '', '', 'says'],
  ['Tea 5 30', 'Tea 5 30', '', '', 'says'],
  ['Meeting 5 30 friday', 'Meeting 5 30', '2026-03-13', '', 'says'],
  ['Meeting friday 5 30', 'Meeting', '2026-03-13T17:30', '', 'says'],
  ['Meeting tomorrow 9 15', 'Meeting', '2026-03-11T09:15', ''],
  ['Meeting tomorrow 930', 'Meeting', '2026-03-11T09:30', ''],
  ['Meeting tomorrow 1930', 'Meeting', '2026-03-11T19:30', ''],
  ['Meeting 930 tomorrow', 'Meeting 930', '2026-03-11', '', 'says'],
  ['Meeting 1930 tomorrow', 'Meeting 1930', '2026-03-11', '', 'says'],
  ['Pay 930 tomorrow', 'Pay 930', '2026-03-11', ''],
  ['Buy 5 30 cm boards', 'Buy 5 30 cm boards', '', ''],
  // Offsets and zones.
  ['Appt 2026-11-30T08:15:30-05:30', 'Appt', '2026-11-30T13:45:30.000Z', ''],
  ['Appt 2026-11-30 08:15-09:30', 'Appt', '2026-11-30T08:15', '', 'says'],
  ['Appt 6:30 PM - 8:30 PM PST on july 4', 'Appt', '2026-07-05T02:30:00.000Z', '', 'says'],
  ['Appt 10:00-11:00 UTC tomorrow', 'Appt', '2026-03-11T10:00:00.000Z', '', 'says'],
  ['Appt Jun-13', 'Appt', '2026-06-13', ''],
  ['Appt jun-13-2027 at 9', 'Appt', '2027-06-13T09:00', ''],
  ['Appt this friday from 13:00 - 16.00', 'Appt', '2026-03-13T13:00', '', 'says'],
  ['Appt in couple of days', 'Appt', '2026-03-12', ''],
  ['Appt in couple hours', 'Appt', '2026-03-10T15:30:00.000Z', ''],
  ['Report of last december', 'Report of last december', '', '', 'says'],
  ['Taxes of last april', 'Taxes of last april', '', '', 'says'],
  ['Run 5k in under 30 minutes', 'Run 5k', '2026-03-10T14:00:00.000Z', '', 'says'],
  // Units and a half; units without a number.
  ['Clean every day and a half', 'Clean', '', 'FREQ=HOURLY;INTERVAL=36'],
  ['Clean every week and a half', 'Clean every week and a half', '', '', 'says'],
  ['Clean every month and a half', 'Clean every month and a half', '', '', 'says'],
  ['Clean every year and a half', 'Clean', '', 'FREQ=MONTHLY;INTERVAL=18'],
  ['Clean every second', 'Clean every second', '', '', 'says'],
  ['Clean every third', 'Clean every third', '', '', 'says'],
  ['Clean every lunchtime', 'Clean', '12:00', 'FREQ=DAILY'],
  ['Clean every midnight', 'Clean', '00:00', 'FREQ=DAILY'],
];
