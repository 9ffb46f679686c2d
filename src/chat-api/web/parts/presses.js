/**
 * Fingers and the mouse: nothing may move away from under a press, and the second press of a double click or a double tap
 * must not hit what the first one has brought to its place.
 */

/** How long a press may last at most before the page goes on without it, in milliseconds. */
const longestPress = 1_000;
/** Between the presses of a double tap; and how long it takes to see that something has moved. In milliseconds. */
const doublePress = 300;
/** Two presses at one place are so near at most, in pixels. */
const near = 30;

let pressedAt = -Infinity;
let isPressing = false;
/** The last press, and when something else came to its place. */
let place = { x: 0, y: 0, clickedAt: -Infinity, changedAt: -Infinity };

/** Whether a press is going on: were something to move now, the click that follows would hit it. */
export const isPressed = () => isPressing && performance.now() - pressedAt < longestPress;

/** Changes the page, and notices what comes beneath the finger by that. @param {() => void} change */
export function changeBeneath(change) {
  if (performance.now() - pressedAt > longestPress) return change();
  const before = beneath();
  change();
  if (beneath() !== before) place.changedAt = performance.now();
}

const beneath = () => document.elementFromPoint(place.x, place.y)?.closest('button, input, select, textarea');

export function followPresses() {
  const end = () => (isPressing = false);
  window.addEventListener(
    'pointerdown',
    ({ clientX: x, clientY: y }) => {
      if (Math.hypot(x - place.x, y - place.y) > near) place = { x, y, clickedAt: -Infinity, changedAt: -Infinity };
      pressedAt = performance.now();
      isPressing = true;
    },
    true,
  );
  for (const type of ['click', 'pointercancel', 'dragend']) window.addEventListener(type, end, true);
  window.addEventListener('pointerup', () => setTimeout(end), true);
  // Whoever has typed since has seen what came.
  window.addEventListener('input', () => (place.changedAt = -Infinity), true);
  window.addEventListener('click', onClick, true);
}

/** @param {PointerEvent} event */
function onClick(event) {
  // By a key, or by a program that reads the page aloud.
  if (event.detail === 0 || !(event.target instanceof Element)) return;
  const now = performance.now();
  // What is pressed twice in the list would be done and taken back.
  const isAgain = event.detail > 1 || now - place.clickedAt < doublePress;
  const isSecond = isAgain && event.target.closest('.list button') !== null;
  if (isSecond || now - place.changedAt < doublePress) {
    event.stopPropagation();
    event.preventDefault();
  }
  place.clickedAt = now;
}
