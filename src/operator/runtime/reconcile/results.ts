import { toError } from '../../../lib/errors.ts';
import type { Result } from './controller.ts';

/** Does the work for each item, all at once; what it throws for one is that one's result. */
export function eachResult<Item, Value>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Value>,
): Promise<Result<Value>[]> {
  return Promise.all(
    items.map(async (item, index) => {
      try {
        return await work(item, index);
      } catch (error) {
        return toError(error);
      }
    }),
  );
}

/** Does the work for `count` items together; what it throws is the result of each. */
export async function allResults<Value>(
  count: number,
  work: () => Promise<readonly Result<Value>[]>,
): Promise<readonly Result<Value>[]> {
  try {
    return count === 0 ? [] : await work();
  } catch (error) {
    return Array<Error>(count).fill(toError(error));
  }
}
