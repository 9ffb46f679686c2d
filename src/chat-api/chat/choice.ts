import type { Conversation } from './conversation.ts';
import type { DirectCall, ToolArguments } from './tool-calls.ts';

type Choice = ToolArguments<'choose'>['which'];

/** What a choice among the tasks of the last list comes to: a call, or an answer when there is nothing to choose. */
export function choose(which: Choice, { listed, pending }: Conversation): DirectCall {
  if (which === 'no') return answer(pending ? 'All right, nothing was changed.' : nothingWaits);
  if (which === 'yes') return pending ? confirm(pending, listed) : answer(nothingWaits);
  if (listed.length === 0) return answer(nothingListed);
  if (which === 'both' && listed.length !== 2) return answer(`The last list has ${listed.length} tasks. ${whichOne}`);
  if (which === 'all' || which === 'both')
    return pending ? onAll(pending) : answer('What should I do with them? Say for example "complete all of them".');
  const id = listed.at(which > 0 ? which - 1 : which);
  if (!id)
    return answer(`The last list has only ${listed.length === 1 ? 'one task' : `${listed.length} tasks`}. ${whichOne}`);
  return pending ? on(pending, id) : { tool: 'show_task', arguments: { task: id } };
}

const whichOne = 'Which of them do you mean? Nothing was changed.';
const nothingWaits = 'There is nothing to confirm. Nothing was changed.';
const nothingListed =
  'Say what to do with which task, for example "complete the dentist" or "undo". Nothing was changed.';

function answer(reply: string): DirectCall {
  return { tool: 'help', arguments: { reply } };
}

/** "yes", after a question about one task or about a number of tasks, or whether to add one. */
function confirm(pending: DirectCall, listed: readonly string[]): DirectCall {
  if (pending.tool === 'create_task') return pending;
  if (pending.tool === 'change_all') {
    const { action, to } = pending.arguments;
    return {
      tool: 'change_all',
      arguments: { action, ...(to && { to }), listed: true, confirmed: listed.length },
    };
  }
  const [only, ...more] = listed;
  return only && more.length === 0 ? on(pending, only) : answer('Which one? Say for example "the second one".');
}

function on(pending: DirectCall, task: string): DirectCall {
  if (pending.tool === 'change_all') {
    const { action, to } = pending.arguments;
    if (action === 'move' && to) return { tool: 'reschedule_task', arguments: { task, due: to } };
    return { tool: action === 'delete' ? 'delete_task' : 'complete_task', arguments: { task } };
  }
  return { ...pending, arguments: { ...pending.arguments, task } } as DirectCall;
}

function onAll(pending: DirectCall): DirectCall {
  switch (pending.tool) {
    case 'change_all':
      return pending;
    case 'delete_task':
      return { tool: 'change_all', arguments: { action: 'delete', listed: true } };
    case 'complete_task':
      return { tool: 'change_all', arguments: { action: 'complete', listed: true } };
    default:
      return on(pending, 'all of them');
  }
}
