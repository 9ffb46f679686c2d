/** Changes of several tasks: which ones. All are asked about before anything is changed. */
export const severalTasks: readonly (readonly [sentence: string, tool: string, parameters: object])[] = [
  // By a tag, or a word of the title
  ['move all work tasks to monday', 'change_all', { action: 'move', to: '2026-03-16', tag: 'work' }],
  ['move my work tasks to monday', 'change_all', { action: 'move', to: '2026-03-16', tag: 'work' }],
  ['move everything tagged work to monday', 'change_all', { action: 'move', to: '2026-03-16', tag: 'work' }],
  ['complete all work tasks due today', 'change_all', { action: 'complete', tag: 'work', due: 'today' }],
  ['complete all the old tasks', 'help', {}],
  // By their places in the last list
  ['complete the first two tasks', 'change_all', { action: 'complete', listed: true, first: 2 }],
  ['mark the first two as done', 'change_all', { action: 'complete', listed: true, first: 2 }],
  ['delete the last three', 'change_all', { action: 'delete', listed: true, last: 3 }],
  ['move the first two to friday', 'change_all', { action: 'move', to: '2026-03-13', listed: true, first: 2 }],
  ['complete the next two tasks', 'change_all', { action: 'complete', listed: true, first: 2 }],
  ['yes, complete the first 2', 'change_all', { action: 'complete', listed: true, first: 2, confirmed: 2 }],
  ['finish the first two chapters', 'complete_task', { task: 'first two chapters' }],
  // All but some
  ['complete all but the dentist', 'change_all', { action: 'complete', except: ['dentist'] }],
  ['move all but the dentist to friday', 'change_all', { action: 'move', to: '2026-03-13', except: ['dentist'] }],
  [
    'delete all overdue tasks except the dentist, the gym and "bread and butter"',
    'change_all',
    { action: 'delete', due: 'overdue', except: ['dentist', 'gym', 'bread and butter'] },
  ],
  [
    'yes, move all 3 #work except "Gym" and "Yoga" to 2026-11-27',
    'change_all',
    { action: 'move', to: '2026-11-27', tag: 'work', except: ['Gym', 'Yoga'], confirmed: 3 },
  ],
  ['everything except the gym is done', 'change_all', { action: 'complete', except: ['gym'] }],
  ['all done except the gym', 'change_all', { action: 'complete', except: ['gym'] }],
  ['complete all except those tagged work', 'help', {}],
  ['complete everything except #work', 'help', {}],
  ['complete all but the last two', 'help', {}],
  // No task says when it was done
  ['delete everything I finished last week', 'help', {}],
  ['delete all the tasks I completed this month', 'help', {}],
  ['delete tasks completed before monday', 'help', {}],
  ['delete all done tasks', 'change_all', { action: 'delete', status: 'DONE' }],
  // Several changes taken back
  ['undo twice', 'undo', { times: 2 }],
  ['undo that twice', 'undo', { times: 2 }],
  ['undo 3 times', 'undo', { times: 3 }],
  ['undo my last two changes', 'undo', { times: 2 }],
  ['undo the last change and the one before it', 'undo', { times: 2 }],
  ['undo a couple of changes', 'undo', { times: 2 }],
  ['undo again', 'undo', {}],
  ['undo the last one', 'undo', {}],
  ['undo everything', 'help', {}],
  ['undo the last few changes', 'help', {}],
  ['undo the last 30', 'help', {}],
];
