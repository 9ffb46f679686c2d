import { onTask, type Command } from './sentence.ts';

export const deleteCommands: readonly Command[] = [
  onTask(/^(?:delete|remove|erase|discard|get rid of)\s+(?!#\p{L})(.+)$/iu, (task) => ({
    tool: 'delete_task',
    arguments: { task: task.replace(/\s+(?:from|off)\s+(?:my|the)\s+(?:to-?do\s+|task\s+)?list$/i, '') },
  })),
  // "Cancel the subscription" is a task.
  onTask(/^(?:cancel|drop|trash|bin|scrap)\s+(it|this|that|".+"|“.+”)[\s.!]*$/i, (task) => ({
    tool: 'delete_task',
    arguments: { task },
  })),
];
