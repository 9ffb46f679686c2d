import { priorityOf } from '../labels.ts';
import { bareValue, named, someTask, update, type ToChanges } from './field-change.ts';
import { explain, type Command } from './sentence.ts';

export const toPriority: ToChanges = (word) => {
  const priority = priorityOf(bareValue(word).replace(/\s+prio(?:rity)?$/i, ''));
  return priority && { priority };
};

export const anyPriority: ToChanges = (word) =>
  toPriority(word, { now: new Date(0), zone: 'UTC' }) ?? {
    problem: `There are three priorities: high, medium and low; "${bareValue(word).slice(0, 50)}" is none of them. Nothing was changed.`,
  };

export const urgency =
  '(?:highest|high|urgent|important|critical|top|medium|normal|lowest|low|!(?:high|medium|low|[123hml])|p[1-4])';

const ofTask = (pattern: string, toChanges: Parameters<typeof named>[1] = toPriority) =>
  named(new RegExp(`^${pattern}[\\s.!]*$`, 'di'), toChanges);

const value = String.raw`(?<value>${urgency})`;
const priority = String.raw`[\s-]+prio(?:rity)?`;
const how = String.raw`(?:(?:very|really|super|quite|extremely|so|now|also)\s+)*`;
const noLonger = String.raw`(?:(?:is|are)\s+)?(?:no\s+longer|not|isn['’]?t|aren['’]?t)\s+(?:that\s+|so\s+|very\s+|really\s+|as\s+)?(?:an?\s+)?(?<value>urgent|important|critical|(?:high|top)${priority}|priority)(?:\s+any\s?more|\s+now)*[\s.!]*$`;
/** Nothing is said of how important the task is instead, save that it is not. */
const fallen = (word: string) => ({ priority: /^(?:important|priority)$/i.test(word) ? 'LOW' : 'MEDIUM' }) as const;
const notUrgent = new RegExp(`^${noLonger}`, 'i');

/** Sentences that change a priority, in other words than "priority of". */
export const priorityCommands: readonly Command[] = [
  ({ text }) =>
    new RegExp(
      String.raw`^(?:make|mark|set)\s+\S.*\s(?:less|more|not)\s+(?:urgent|important|critical)[\s.!]*$|^(?:(?!let\b)\S.*)\s+can\s+wait[\s.!]*$`,
      'i',
    ).test(text.visible)
      ? explain(
          'Which priority: high, medium or low? Say for example "set the priority of pay rent to low". Nothing was changed.',
        )
      : undefined,
  // "call mum isn't important any more"
  named(new RegExp(`^(?<task>it|that|this)(?:['’]?s|\\s+is)\\s+${noLonger}`, 'di'), fallen),
  ({ text }) => {
    const word = notUrgent.exec(text.visible)?.groups?.['value'];
    return word === undefined ? undefined : update('it', fallen(word));
  },
  named(new RegExp(`^${someTask}\\s+${noLonger}`, 'di'), fallen),
  named(/^(?:lower|reduce|decrease|drop)\s+(?<task>\S.*?)['’]s\s+prio(?:rity)?[\s.!]*$/di, () => ({
    priority: 'LOW' as const,
  })),
  named(/^(?:raise|increase|bump(?:\s+up)?)\s+(?<task>\S.*?)['’]s\s+prio(?:rity)?[\s.!]*$/di, () => ({
    priority: 'HIGH' as const,
  })),
  ofTask(String.raw`(?:change|set|update|edit|adjust)\s+${someTask}(?:'s|’s)?\s+prio(?:rity)?\s+(?:to|as)\s+${value}`),
  // "the report is really urgent", "the report has low priority"
  ofTask(
    String.raw`${someTask}\s+(?:is|are|should\s+be|must\s+be|needs?\s+to\s+be|has\s+to\s+be|became|becomes)\s+${how}(?:(?:an?|my|our|the)\s+)?(?<value>(?:highest|high|top|medium|normal|lowest|low)(?=${priority})|urgent|important|critical|p[1-4])(?:${priority})?(?:\s+now)?`,
  ),
  ofTask(
    String.raw`${someTask}\s+(?:has|have|gets|needs|should\s+have|should\s+get|must\s+have|deserves)\s+(?:an?\s+|the\s+)?${value}${priority}`,
  ),
  // "give the report high priority", "bump the report to high"
  ofTask(String.raw`(?:give|assign)\s+${someTask}\s+(?:an?\s+|the\s+)?${value}${priority}`),
  ofTask(
    String.raw`(?:bump|raise|lower|drop|increase|reduce|decrease|downgrade|upgrade|move|put|change|switch)\s+(?!(?:the\s+)?prio(?:rity)?\b)${someTask}(?:\s+(?:up|down))?\s+(?:to|on|at)\s+${value}(?:${priority})?`,
  ),
  // "no priority for the report": the usual one
  named(/^no\s+prio(?:rity)?\s+(?:for|on|of)\s+(?<task>\S.*?)[\s.!]*$/di, () => ({ priority: 'MEDIUM' as const })),
  // "flag the report as important", "priority of the report: low"
  ofTask(String.raw`(?:flag|mark)\s+${someTask}\s+(?:as\s+)?(?:an?\s+)?${value}(?:${priority})?`),
  ofTask(
    String.raw`prio(?:rity)?\s+(?:of|for)\s+${someTask}(?:\s*:|\s+is|\s+should\s+be|\s*=)\s*${value}(?:${priority})?`,
  ),
  ofTask(String.raw`${someTask}\s+prio(?:rity)?\s*[:=]\s*${value}`),
];
