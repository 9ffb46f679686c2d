import type { ToolArguments, ToolCall } from '../../chat/tool-calls.ts';
import type { UserTime } from '../when.ts';
import { unquote } from '../working-text.ts';
import { explain, taskName, type Command, type Sentence } from './sentence.ts';

export type Changes = Omit<ToolArguments<'update_task'>, 'task'>;
/** The changes that a value means, or why it means none. */
export type ToChanges = (value: string, time: UserTime) => Changes | { readonly problem: string } | undefined;

/** Makes a command of "<verb> TASK <word between> VALUE", cut at the first word between that is not quoted. */
export function change(pattern: RegExp, between: RegExp, toChanges: ToChanges): Command {
  return (sentence) => {
    const found = parts(sentence, pattern, between);
    return found && update(found.before, toChanges(found.behind.trim(), sentence.time));
  };
}

/** The other way round: "<verb> VALUE <word between> TASK". */
export function changeOf(pattern: RegExp, between: RegExp, toChanges: ToChanges): Command {
  return (sentence) => {
    const found = parts(sentence, pattern, between);
    return found && update(found.behind, toChanges(found.before.trim(), sentence.time));
  };
}

/** What stands before and behind the word between. */
export function parts({ text }: Sentence, pattern: RegExp, between: RegExp) {
  const verb = pattern.exec(text.visible)?.[0];
  if (verb === undefined) return undefined;
  const cut = between.exec(text.visible.slice(verb.length));
  if (!cut) return undefined;
  const end = verb.length + cut.index;
  return { before: text.slice(verb.length, end), behind: text.slice(end + cut[0].length) };
}

export function update(task: string, changes: ReturnType<ToChanges>): ToolCall | undefined {
  const name = taskName(task);
  if (!changes || !name) return undefined;
  if ('problem' in changes) return explain(changes.problem);
  return { tool: 'update_task', arguments: { task: name, ...changes } };
}

/** A value without quotation marks and what ends the sentence. */
export const bareValue = (word: string) => unquote(word.replace(/(?<![\s.!?])[\s.!?]+$/, ''));

/** Of a sentence that names a field and no task: the one that was last spoken of. */
export function ofIt(pattern: RegExp, toChanges: ToChanges): Command {
  return ({ text, time }) => {
    const match = pattern.exec(text.visible);
    return match ? update('it', toChanges(text.slice(match[0].length).trim(), time)) : undefined;
  };
}

/**
 * Makes a command of a pattern with the group `task` and perhaps `value`; as the user wrote both, quotations included.
 * The pattern has the flag `d`.
 */
export function named(
  pattern: RegExp,
  toChanges: (value: string, time: UserTime, task: string) => ReturnType<ToChanges>,
): Command {
  return ({ text, time }) => {
    const found = pattern.exec(text.visible)?.indices?.groups;
    const [start, end] = found?.['task'] ?? [0, 0];
    if (start === end) return undefined;
    const [from, until] = found?.['value'] ?? [0, 0];
    const task = text.slice(start, end);
    return update(task, toChanges(text.slice(from, until).trim(), time, task));
  };
}

/** Group `task` of a pattern for {@link named}: the fewest characters that serve, and no word of reported speech. */
export const someTask = String.raw`(?<task>(?!(?:tell|ask|check|see|say|write|mention|if|when|what|that|make sure)\b)\S.*?)`;
