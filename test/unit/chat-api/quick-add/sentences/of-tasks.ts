/** What is said of tasks that exist in words that could begin a title as well. It is Tuesday 2026-03-10 14:30 in Berlin. */
export const ofTasks: readonly (readonly [sentence: string, tool: string, parameters: object])[] = [
  // Dropped, where a task has that very title.
  ['scrap the picnic', 'delete_task', { task: 'picnic' }],
  ['drop the choir rehearsal please', 'delete_task', { task: 'choir rehearsal' }],
  ['bin "old notes"', 'delete_task', { task: 'old notes' }],
  ['kill the choir reminder', 'show_task', { task: 'choir reminder' }],
  ['Drop off the parcel', 'create_task', { title: 'Drop off the parcel' }],
  ['drop the kids at school', 'create_task', { title: 'drop the kids at school' }],
  ['Scrap paper for Tim', 'create_task', { title: 'Scrap paper for Tim' }],
  // A note that is added takes no other one away.
  ['add another note to the choir: ring first', 'update_task', { task: 'choir', add_description: 'ring first' }],
  ['note for the choir: bring the scores', 'update_task', { task: 'choir', add_description: 'bring the scores' }],
  ['leave a note on the choir that it is cold', 'update_task', { task: 'choir', add_description: 'it is cold' }],
  ['write a note to grandma', 'create_task', { title: 'write a note to grandma' }],
  // One tag in place of another
  [
    'replace #work with #office on the report',
    'update_task',
    { task: 'report', add_tags: ['office'], remove_tags: ['work'] },
  ],
  ['Replace #3 filter', 'create_task', { title: 'Replace #3 filter' }],
];
