/**
 * What programs write, what is printed on things, and what is written in one word or beside days that repeat: each with
 * the title, the due date and the rule. It is Tuesday 2026-03-10 14:30 in Berlin.
 */
export const writtenForms: readonly (readonly string[])[] = [
  // Two words in one.
  ['Call Ann 9amtomorrow', 'Call Ann', '2026-03-11T09:00', ''],
  ['9:30amfriday call Ann', 'call Ann', '2026-03-13T09:30', ''],
  ['Call Ann tomorrowat9', 'Call Ann', '2026-03-11T09:00', ''],
  ['Call Ann 5pmday', 'Call Ann 5pmday', '', '', 'says'],
  ['Call Ann friday。', 'Call Ann', '2026-03-13', ''],
  // How often and how long, as programs write it.
  ['Stretch RRULE:FREQ=WEEKLY;BYDAY=MO', 'Stretch RRULE:FREQ=WEEKLY;BYDAY=MO', '', '', 'says'],
  ['Stretch freq=daily', 'Stretch freq=daily', '', '', 'says'],
  ['Stretch P1D', 'Stretch P1D', '', '', 'says'],
  ['Stretch R/P2W', 'Stretch R/P2W', '', '', 'says'],
  ['Stretch every PT30M', 'Stretch every PT30M', '', '', 'says'],
  ['Stretch 20261201T0900', 'Stretch', '2026-12-01T09:00', ''],
  ['Stretch 20261201T090000Z', 'Stretch', '2026-12-01T09:00:00.000Z', ''],
  ['Stretch 20261201T090000', 'Stretch', '2026-12-01T09:00', ''],
  ['Fix P1 bug', 'Fix P1 bug', '', ''],
  // Lengths at the end: in how long, or for how long?
  ['Call 5 min', 'Call 5 min', '', '', 'says'],
  ['Nap 20m', 'Nap 20m', '', '', 'says'],
  ['Call Ann for 5 min', 'Call Ann for 5 min', '', ''],
  ['Leave in 5 with Ann', 'Leave in 5 with Ann', '', '', 'says'],
  ['Leave in 10 if you can', 'Leave in 10 if you can', '', '', 'says'],
  ['Rank in 5 categories', 'Rank in 5 categories', '', ''],
  ['Call Ann at 5 or so', 'Call Ann', '17:00', '', 'says'],
  ['Call Ann on friday at like 3', 'Call Ann', '2026-03-13T15:00', ''],
  ['Feed the baby day and night', 'Feed the baby day and night', '', '', 'says'],
  // Dates that are printed on things.
  ['Best before 12/03/26 yoghurt', 'Best before 12/03/26 yoghurt', '', '', 'says'],
  ['Yoghurt use by 12 april', 'Yoghurt use by 12 april', '', '', 'says'],
  ['Use milk by friday', 'Use milk', '2026-03-13', ''],
  // Marks around a date.
  ['Gym monday*', 'Gym monday*', '', '', 'says'],
  ['~friday~ gym', '~friday~ gym', '', '', 'says'],
  // Hours beside days that repeat.
  ['Class tu/th 2-4', 'Class', '14:00', 'FREQ=WEEKLY;BYDAY=TU,TH', 'says'],
  ['Class t/th 7pm', 'Class', '19:00', 'FREQ=WEEKLY;BYDAY=TU,TH', 'says'],
  ['Class MWF 9-10 in room 5', 'Class in room 5', '09:00', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'says'],
  ['Class mwf 9-10am', 'Class', '09:00', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', 'says'],
  ['Class every monday 10-11:30', 'Class', '10:00', 'FREQ=WEEKLY;BYDAY=MO', 'says'],
  ['Class every monday from 2 to 4', 'Class', '14:00', 'FREQ=WEEKLY;BYDAY=MO', 'says'],
  ['Read every monday 10-12 pages', 'Read 10-12 pages', '', 'FREQ=WEEKLY;BYDAY=MO'],
  ['Class every weekday 9.15 except fridays', 'Class', '09:15', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH'],
  ['Class every fri & sat nite', 'Class', '20:00', 'FREQ=WEEKLY;BYDAY=FR,SA'],
  // Some hours of every day.
  ['Drink every 2 hours from 8 to 6', 'Drink', '', 'FREQ=DAILY;BYHOUR=8,10,12,14,16,18;BYMINUTE=0', 'says'],
  ['Drink hourly 9-11', 'Drink', '', 'FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0', 'says'],
  ['Drink every 3 hours from 8:30 until 6pm', 'Drink', '', 'FREQ=DAILY;BYHOUR=8,11,14,17;BYMINUTE=30', 'says'],
  ['Drink every 5 hours from 8 to 8', 'Drink', '', 'FREQ=DAILY;BYHOUR=8,13,18;BYMINUTE=0', 'says'],
  ['Drink every 2 hours from 8 to 12 for 3 days', 'Drink', '', 'FREQ=DAILY;BYHOUR=8,10,12;BYMINUTE=0;COUNT=9', 'says'],
  ['every hour from 9 to 11 stand up', 'stand up', '', 'FREQ=DAILY;BYHOUR=9,10,11;BYMINUTE=0', 'says'],
  ['Drink every 30 minutes from 9 to 11', 'Drink from 9 to 11', '', 'FREQ=MINUTELY;INTERVAL=30', 'says'],
  ['Drink every hour from 10pm to 2am', 'Drink every hour from 10pm to 2am', '', '', 'says'],
  // Days of months, and numbers of times.
  ['Pay every month the 25th', 'Pay', '', 'FREQ=MONTHLY;BYMONTHDAY=25'],
  ['Pay 12/Mar/26', 'Pay', '2026-03-12', ''],
  ['Meet 12 march 2026, 16.45', 'Meet', '2026-03-12T16:45', ''],
  ['Meet 12.03.2026 um 16 Uhr', 'Meet', '2026-03-12T16:00', ''],
  ['Gym 3 times in a week', 'Gym 3 times in a week', '', '', 'says'],
  ['Gym once in a month', 'Gym', '', 'FREQ=MONTHLY'],
  // Sums, versions and nouns.
  ['Pay 12.50 friday', 'Pay 12.50', '2026-03-13', ''],
  ['Meet Ann 12.50 friday', 'Meet Ann', '2026-03-13T12:50', ''],
  ['Update to version 12.3.26', 'Update to version 12.3.26', '', '', 'says'],
  ['EOD report template', 'report template', '17:00', '', 'says'],
  ['Flu jab thursday 13th', 'Flu jab', '2026-08-13', '', 'says'],
  ['Flu jab friday 13th', 'Flu jab', '2026-03-13', ''],
  ['Walk every day except sunday and holidays', 'Walk and holidays', '', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA', 'says'],
  ['Walk by the end of the tax year', 'Walk by the end of the tax year', '', '', 'says'],
  ['Walk by the end of the month', 'Walk', '2026-03-31', ''],
  // Slips, and what is said by ear.
  ['Walk tmrow', 'Walk', '2026-03-11', ''],
  ['Walk nex wek', 'Walk', '2026-03-16', '', 'says'],
  ['Walk 20 marhc', 'Walk', '2026-03-20', ''],
  ['Walk on teh 20th', 'Walk', '2026-03-20', ''],
  ['Walk at oh eight hundred', 'Walk', '08:00', ''],
  ['Walk tomorrow at nineteen hundred hours', 'Walk', '2026-03-11T19:00', ''],
  ['Send two hundred cards', 'Send two hundred cards', '', ''],
  ['Walk in a sec', 'Walk in a sec', '', '', 'says'],
];
