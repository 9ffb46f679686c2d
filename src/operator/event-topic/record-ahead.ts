import type { PlannedTopic } from './topic-work.ts';

/**
 * Records in the status which configs the plan is about to set: should the operator stop, or not be answered, before it
 * can tell what came of it, they still return to the default when they are declared no more.
 *
 * @throws {ExpectedError} Conflict, when the resource has changed, or is deleted, by now: then nothing is to be set
 */
export async function recordAhead({ context, topic, plan }: PlannedTopic): Promise<void> {
  const { config: before = {}, configShownAs = {} } = topic.status ?? {};
  const values = Object.entries(plan.configure?.configs ?? {});
  const set = values.filter((entry): entry is [string, string] => entry[1] !== null && before[entry[0]] !== entry[1]);
  if (set.length === 0) return;
  // How the broker shows another value says nothing of this one.
  const isNew = new Set(set.map(([name]) => name));
  const shown = Object.entries(configShownAs).filter(([name]) => !isNew.has(name));
  await context.record({
    config: { ...before, ...Object.fromEntries(set) },
    configShownAs: shown.length > 0 ? Object.fromEntries(shown) : undefined,
  });
}
