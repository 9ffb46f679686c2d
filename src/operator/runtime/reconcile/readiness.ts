/** Why something is not ready. */
export interface Problem {
  /** A stable CamelCase word. */
  readonly reason: string;
  /** The cause, with names and values, and how to fix it. */
  readonly message: string;
  /** Whether it lasts until somebody changes something (condition Stalled), or may resolve by itself (Reconciling). */
  readonly failed: boolean;
  /** Whether somebody must act before the resource recovers by itself, as with a missing Secret. Event and log then warn. */
  readonly needsPerson?: boolean;
}

/** Ready, with the reason and message for it, or a problem. */
export type Readiness =
  ({ readonly ready: false } & Problem) | { readonly ready: true; readonly reason: string; readonly message: string };

/** Whether people are warned: nothing changes, or not soon, until one of them acts. */
export const needsWarning = (readiness: Readiness): boolean =>
  !readiness.ready && (readiness.failed || readiness.needsPerson === true);

/** Checks one thing; undefined if nothing is wrong. Pure, so that each check can be tested by itself. */
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
