export interface BatchLimits {
  readonly items: number;
  /** Of all items of a batch together. */
  readonly weight: number;
}

/** Cuts a list into batches, in order. An item that is heavier than a batch may be is one by itself. */
export function* batches<Item>(
  items: readonly Item[],
  limits: BatchLimits,
  weightOf: (item: Item) => number,
): Generator<readonly Item[]> {
  let batch: Item[] = [];
  let weight = 0;
  for (const item of items) {
    const itsWeight = weightOf(item);
    if (batch.length > 0 && (batch.length === limits.items || weight + itsWeight > limits.weight)) {
      yield batch;
      batch = [];
      weight = 0;
    }
    batch.push(item);
    weight += itsWeight;
  }
  if (batch.length > 0) yield batch;
}
