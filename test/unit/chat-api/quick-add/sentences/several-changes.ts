/** Several changes of one task, in one sentence. */
export const severalChanges: readonly (readonly [sentence: string, tool: string, parameters: object])[] = [
  ['rename gym to climbing and tag it home', 'update_task', { task: 'gym', title: 'climbing', add_tags: ['home'] }],
  [
    'rename gym to read and write and tag it home',
    'update_task',
    { task: 'gym', title: 'read and write', add_tags: ['home'] },
  ],
  ['move it to friday and rename it to Climbing', 'update_task', { task: 'it', due: '2026-03-13', title: 'Climbing' }],
  ['and also tag it home', 'update_task', { task: 'it', add_tags: ['home'] }],
  ['tag it home and make it urgent', 'update_task', { task: 'it', add_tags: ['home'], priority: 'HIGH' }],
  ['untag it work and tag it home', 'update_task', { task: 'it', add_tags: ['home'], remove_tags: ['work'] }],
  [
    'push the report to monday and add a note: ask Ann',
    'update_task',
    { task: 'report', due: '2026-03-16', add_description: 'ask Ann' },
  ],
  [
    'move gym to friday, make it urgent and tag it sport',
    'update_task',
    { task: 'gym', due: '2026-03-13', priority: 'HIGH', add_tags: ['sport'] },
  ],
  [
    'set the dentist to monday 9am, high priority, tag health',
    'update_task',
    { task: 'dentist', due: '2026-03-16T09:00', priority: 'HIGH', add_tags: ['health'] },
  ],
  [
    'move the gym to friday at 6 and remind me 1 hour before',
    'update_task',
    { task: 'gym', due: '2026-03-13T18:00', add_reminders: [3600] },
  ],
  [
    'change the priority of gym to high and the due date to friday',
    'update_task',
    { task: 'gym', priority: 'HIGH', due: '2026-03-13' },
  ],
  ['make gym high priority, due friday', 'update_task', { task: 'gym', priority: 'HIGH', due: '2026-03-13' }],
  [
    'move gym to friday and repeat it weekly',
    'update_task',
    { task: 'gym', due: '2026-03-13', recurrence: 'FREQ=WEEKLY' },
  ],
  [
    'remove #work from the report and add #home',
    'update_task',
    { task: 'report', remove_tags: ['work'], add_tags: ['home'] },
  ],
  [
    'tag gym #sport and #fun and make it urgent',
    'update_task',
    { task: 'gym', add_tags: ['sport', 'fun'], priority: 'HIGH' },
  ],
  // One change, of several parts
  ['make gym every monday and thursday', 'update_task', { task: 'gym', recurrence: 'FREQ=WEEKLY;BYDAY=MO,TH' }],
  ['move gym to friday, 6pm', 'reschedule_task', { task: 'gym', due: '2026-03-13T18:00' }],
  ['tag gym with sport, health and fun', 'update_task', { task: 'gym', add_tags: ['sport', 'health', 'fun'] }],
  ['rename gym to swimming and urgent', 'update_task', { task: 'gym', title: 'swimming and urgent' }],
  // Two of the same, or what is no change of a field
  ['move gym to friday and saturday', 'help', {}],
  ['move gym to friday at 6 and 8', 'help', {}],
  ['move gym to friday and delete it', 'help', {}],
  ['rename gym to climbing and delete it', 'help', {}],
  ['tag the gym sport and make it urgent', 'help', {}],
  ['snooze gym by 1 hour and make it urgent', 'help', {}],
  // What else there is to do is no tag
  ['tag gym with sport and call mum', 'show_task', { task: 'gym with sport and call mum' }],
];
