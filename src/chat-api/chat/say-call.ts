import type { ToolCall } from './tool-calls.ts';

/** What is about to be done, for people who wait: `Creating "Pay rent"`; undefined where that says nothing. */
export function sayCall(call: ToolCall): string | undefined {
  switch (call.tool) {
    case 'create_task':
      return `Creating "${call.arguments.title}"`;
    case 'create_tasks':
      return `Creating ${call.arguments.tasks.length} tasks`;
    case 'complete_task':
      return `Completing ${named(call.arguments.task)}`;
    case 'delete_task':
      return `Deleting ${named(call.arguments.task)}`;
    case 'update_task':
      return `Changing ${named(call.arguments.task)}`;
    case 'reschedule_task':
    case 'snooze_task':
      return `Moving ${named(call.arguments.task)}`;
    case 'skip_occurrence':
      return `Skipping ${named(call.arguments.task)}`;
    case 'show_task':
    case 'list_tasks':
      return 'Looking at your tasks';
    case 'change_all':
      return 'Looking for the tasks to change';
    case 'undo':
      return 'Undoing the last change';
    case 'redo':
      return 'Redoing the last change';
    case 'choose':
    case 'help':
      return undefined;
  }
}

/** The words of the user, but no id. */
function named(task: string): string {
  return /^(?:it|this|that)$/i.test(task) || /^[0-9a-f]{8}-/i.test(task) ? 'the task' : `"${task}"`;
}
