const lookMilliseconds = 100;

/**
 * The first answer that is neither undefined nor a failure.
 *
 * @throws the last failure, or that there was no answer, when the time is over
 */
export async function eventually<T>(ask: () => Promise<T | undefined>, limitMilliseconds = 60_000): Promise<T> {
  const deadline = performance.now() + limitMilliseconds;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (performance.now() > deadline) throw new Error(`no answer within ${limitMilliseconds} ms`);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, lookMilliseconds));
  }
}
