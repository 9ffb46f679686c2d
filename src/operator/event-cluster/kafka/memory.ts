import { boundOf, mebibyte, type Quantities } from '../../pods/quantity.ts';

interface Resources {
  readonly requests?: Quantities | undefined;
  readonly limits?: Quantities | undefined;
}

/** Enough for thousands of partitions. The limit equals the request: a broker must not be what a full node ends first. */
export const defaultResources = { requests: { cpu: '250m', memory: '768Mi' }, limits: { memory: '768Mi' } };

/** Above this a broker gains nothing: the rest serves better as the page cache that Kafka reads from. */
const largestHeap = 6 * 1024 * mebibyte;

/** Half of the container's memory: Java needs a part beside the heap, and the page cache counts for the container too. */
export function heapBytes(resources: Resources | undefined): number {
  const memory = boundOf('memory', resources ?? defaultResources) ?? boundOf('memory', defaultResources) ?? 0;
  return Math.min(largestHeap, Math.floor(memory / 2 / mebibyte) * mebibyte);
}
