import { eventually } from '../../src/operator/runtime/testing/eventually.ts';

/** Waits for what only comes about in a while. A condition that throws is one that does not hold yet. */
export async function until(condition: () => boolean | Promise<boolean>, milliseconds = 30_000): Promise<void> {
  const attempt = async () => {
    if (!(await condition())) throw new Error('it does not hold');
  };
  await eventually(attempt, milliseconds).catch((cause: unknown) => {
    throw new Error(`Not so within ${milliseconds} ms: ${condition.toString()}`, { cause });
  });
}
