/** Requests on their way to the API server. */
export const atOnce = 16;

export async function inParallel(items: readonly string[], work: (item: string) => Promise<unknown>): Promise<void> {
  const left = items.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of left) await work(item);
    }),
  );
}
