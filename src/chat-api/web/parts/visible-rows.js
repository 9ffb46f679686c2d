import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** How high a row is until the first ones have been measured, in pixels. */
const usualHeight = 72;
/** Rows next to one that is kept: the tabulator key goes there. */
const neighbours = 2;

/**
 * Which of thousands of rows to make: those on the screen and one screen before and after it, and those that must not go
 * away, such as the one that has the focus. The others leave gaps of their height, so that nothing moves.
 *
 * Browsers could skip what is off the screen by themselves (content-visibility), but the elements would be there: with
 * 5,000 tasks, more than 100,000 of them.
 *
 * @param {{ current: HTMLElement | null }} list its children are the rows, with their keys as `data-key`
 * @param {Iterable<string>} keys of all rows
 * @param {readonly (string | undefined)[]} kept keys of rows that must not go away
 * @returns {(string | number)[]} the keys of the rows to make; for those between them, their height in pixels
 */
export function useVisibleRows(list, keys, kept) {
  const [heights] = useState(() => /** @type {Map<string, number>} */ (new Map()));
  const [usual, setUsual] = useState(/** @type {number | undefined} */ (undefined));
  // In half screens, so that the rows are chosen anew only now and then.
  const [step, setStep] = useState(0);
  const [isPrinting, setPrinting] = useState(false);

  useEffect(() => {
    const look = () => setStep(Math.floor(-2 * ((list.current?.getBoundingClientRect().top ?? 0) / innerHeight)));
    const ended = new AbortController();
    /** @param {string} event @param {() => void} listener */
    const on = (event, listener) => window.addEventListener(event, listener, { signal: ended.signal });
    on('scroll', look);
    on('resize', look);
    on('beforeprint', () => setPrinting(true));
    on('afterprint', () => setPrinting(false));
    return () => ended.abort();
  }, []);

  const [observer] = useState(
    () =>
      new ResizeObserver((entries, observer) => {
        for (const { target, borderBoxSize } of entries) {
          const key = /** @type {HTMLElement} */ (target).dataset['key'];
          if (!target.isConnected) observer.unobserve(target);
          else if (key) heights.set(key, borderBoxSize[0]?.blockSize ?? usualHeight);
        }
        // Once: were it to change, so would all gaps.
        if (heights.size > 0) setUsual((known) => known ?? sum(heights.values()) / heights.size);
      }),
  );
  useEffect(() => () => observer.disconnect(), []);
  useLayoutEffect(() => {
    for (const row of list.current?.children ?? []) observer.observe(row);
  });

  const top = isPrinting ? -Infinity : (step / 2 - 1) * innerHeight;
  const bottom = isPrinting ? Infinity : (step / 2 + 2.5) * innerHeight;
  const all = [...keys];
  const keptAt = kept.map((key) => (key === undefined ? -1 : all.indexOf(key))).filter((index) => index >= 0);
  /** @type {(string | number)[]} */
  const rows = [];
  let [y, gap] = [0, 0];
  for (const [index, key] of all.entries()) {
    const height = heights.get(key) ?? usual ?? usualHeight;
    const isNear = y + height > top && y < bottom;
    y += height;
    if (isNear || keptAt.some((at) => Math.abs(at - index) <= neighbours)) {
      if (gap > 0) rows.push(gap);
      rows.push(key);
      gap = 0;
    } else gap += height;
  }
  return gap > 0 ? [...rows, gap] : rows;
}

/** @param {Iterable<number>} numbers */
function sum(numbers) {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
