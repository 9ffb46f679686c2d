import type { EventTopic } from '../../api/event-topic.ts';
import type { TopicAdmin } from '../../kafka/topic-admin.ts';
import type { Context, Result } from '../runtime/reconcile/controller.ts';
import { allResults } from '../runtime/reconcile/results.ts';

export type TopicContext = Context<EventTopic>;

/** An answer that is known without asking brokers, or the brokers to be asked. */
export type Decision<Answer> = { readonly answer: Answer } | { readonly admin: TopicAdmin };

/**
 * Answers for many resources, with those of one cluster worked on together. Brokers that do not answer are the error of
 * their own topics alone.
 */
export async function perCluster<Answer>(
  contexts: readonly TopicContext[],
  decide: (context: TopicContext) => Decision<Answer>,
  work: (admin: TopicAdmin, contexts: readonly TopicContext[]) => Promise<readonly Result<Answer>[]>,
): Promise<Result<Answer>[]> {
  const decisions = contexts.map((context) => ({ context, decision: decide(context) }));
  const answers = new Map<TopicContext, Result<Answer>>();
  for (const { context, decision } of decisions) if ('answer' in decision) answers.set(context, decision.answer);
  const asked = decisions.flatMap(({ context, decision }) =>
    'admin' in decision ? [{ context, admin: decision.admin }] : [],
  );
  const groups = [...Map.groupBy(asked, ({ admin }) => admin)];
  await Promise.all(
    groups.map(async ([admin, group]) => {
      const together = group.map(({ context }) => context);
      const results = await allResults(together.length, () => work(admin, together));
      together.forEach((context, index) => answers.set(context, results[index]!));
    }),
  );
  return contexts.map((context) => answers.get(context)!);
}
