import type { Result } from '../runtime/reconcile/controller.ts';
import { allResults } from '../runtime/reconcile/results.ts';
import { discreetError } from './broker-errors.ts';

interface SomeBrokers {
  /** Whether somebody else runs them. */
  readonly isExternal: boolean;
}

/** An answer that is known without asking brokers, or the brokers to be asked. */
export type Decision<Brokers, Answer> = { readonly answer: Answer } | { readonly brokers: Brokers };

/**
 * Answers for the resources of one cluster: those whose answer needs brokers are worked on together. Brokers that do not
 * answer are the error of these alone.
 */
export async function withBrokers<Context, Brokers extends SomeBrokers, Answer>(
  contexts: readonly Context[],
  decide: (context: Context) => Decision<Brokers, Answer>,
  work: (brokers: Brokers, contexts: readonly Context[]) => Promise<readonly Result<Answer>[]>,
): Promise<Result<Answer>[]> {
  const answers = new Map<Context, Result<Answer>>();
  const asking: { readonly context: Context; readonly brokers: Brokers }[] = [];
  for (const context of contexts) {
    const decision = decide(context);
    if ('answer' in decision) answers.set(context, decision.answer);
    else asking.push({ context, brokers: decision.brokers });
  }
  const asked = asking.map(({ context }) => context);
  const brokers = asking[0]?.brokers;
  const results = await allResults(asked.length, () => work(brokers!, asked));
  asked.forEach((context, index) => {
    const result = results[index]!;
    answers.set(context, result instanceof Error && brokers?.isExternal ? discreetError(result) : result);
  });
  return contexts.map((context) => answers.get(context)!);
}
