/** Why something is not ready. */
export interface Problem {
  /** One CamelCase word, stable. */
  readonly reason: string;
  /** The cause, with names and values, and what a person can do. */
  readonly message: string;
  /** Whether it stays until a person changes something (condition Stalled); false while it may pass (Reconciling). */
  readonly failed: boolean;
  /** Whether a person should act although the resource then recovers by itself, as with a missing Secret: Event and log warn. */
  readonly needsPerson?: boolean;
}

/** Whether all is as the spec says; a problem, or the words that say it is well. */
export type Readiness =
  ({ readonly ready: false } & Problem) | { readonly ready: true; readonly reason: string; readonly message: string };

/** Whether people are warned: nothing changes, or not soon, until one of them acts. */
export const needsWarning = (readiness: Readiness): boolean =>
  !readiness.ready && (readiness.failed || readiness.needsPerson === true);

/** Looks at one thing; undefined when nothing is wrong with it. Pure, so that each is tested by itself. */
export type Check<Input> = (input: Input) => Problem | undefined;

/** The first problem counts: order the checks from cause to effect. */
export function firstProblem<Input>(checks: readonly Check<Input>[], input: Input): Problem | undefined {
  for (const check of checks) {
    const problem = check(input);
    if (problem) return problem;
  }
  return undefined;
}

/** Ready, unless there is a problem. */
export function evaluate<Input>(
  checks: readonly Check<Input>[],
  input: Input,
  ready: { readonly reason: string; readonly message: string },
): Readiness {
  const problem = firstProblem(checks, input);
  return problem ? { ready: false, ...problem } : { ready: true, ...ready };
}
