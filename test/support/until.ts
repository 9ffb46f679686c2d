import { eventually } from '../../src/operator/runtime/testing/eventually.ts';

/** Waits for what only comes about in a while. A condition that throws is one that does not hold yet. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds?: number): Promise<void> {
  const begun = performance.now();
  const attempt = async () => {
    if (!(await condition())) throw new Error('it does not hold');
  };
  await eventually(attempt, milliseconds).catch((cause: unknown) => {
    const waited = Math.round(performance.now() - begun);
    throw new Error(`Not so within ${waited} ms: ${condition.toString()}`, { cause });
  });
}
