const complete = (task: string) => ['complete_task', { task }];
const remove = (task: string) => ['delete_task', { task }];
const create = (title: string, more: object = {}) => ['create_task', { title, ...more }];
const move = (task: string, due: string) => ['reschedule_task', { task, due }];

/** Several commands in one message, each of them with its call. It is Tuesday 2026-03-10 14:30 in Berlin. */
export const severalCommands: readonly (readonly [message: string, ...calls: (readonly unknown[])[]])[] = [
  ['complete milk and delete eggs', complete('milk'), remove('eggs')],
  ['piano is done, and delete yoga', complete('piano'), remove('yoga')],
  ['piano is done, move yoga to friday', complete('piano'), move('yoga', '2026-03-13')],
  ['delete milk, delete eggs', remove('milk'), remove('eggs')],
  ['push the slides to thursday, and drop the rehearsal', move('slides', '2026-03-12'), remove('rehearsal')],
  ['complete the dishes, reopen the ironing', complete('dishes'), ['update_task', { task: 'ironing', status: 'TODO' }]],
  [
    'mark the dishes done and remind me to buy soap tomorrow',
    ['update_task', { task: 'dishes', status: 'DONE' }],
    create('buy soap', { due: '2026-03-11' }),
  ],
  ['tick off 2 and drop 3', complete('2'), remove('3')],
  ['delete gym. add milk', remove('gym'), create('milk')],
  ['add stamps and delete the parcel', create('stamps'), remove('parcel')],
  ['buy nails and move yoga to thursday', create('buy nails'), move('yoga', '2026-03-12')],
  ['delete pay rent\nBread', remove('pay rent'), create('Bread')],
  ['- done: piano\n- move yoga to friday\n- add soap', complete('piano'), move('yoga', '2026-03-13'), create('soap')],
  // Words around them, and a note below
  ['Hi!\nmove yoga to friday\nThanks', move('yoga', '2026-03-13')],
  [
    'Prepare the talk on friday\nNote: bring the adapter',
    create('Prepare the talk', { due: '2026-03-13', description: 'bring the adapter' }),
  ],
  // "it" may be either, several deletions wait for a yes, and what is not understood keeps the rest from being done.
  ['move gym to friday and delete it', ['help', {}]],
  ['delete milk, delete eggs and move gym to friday', ['help', {}]],
  ['delete everything and add milk', ['help', {}]],
  ['finish the report, drop the kids at school', ['help', {}]],
  ['complete gym and remind me an hour before yoga', ['help', {}]],
  ['wash the car and change the oil', create('wash the car and change the oil')],
];
