import { render } from 'preact';
import { client } from './data/client.js';
import { view } from './data/view.js';
import { onKeyDown } from './parts/shortcuts.js';
import { Page } from './parts/page.js';
import { html } from './show/html.js';
import { followTimeZone } from './show/times.js';

const root = document.getElementById('page');
if (!root) throw new Error('The page has no #page');

/** How long a press may last at most before the page goes on without it, in milliseconds. */
const longestPress = 1_000;
/** What is overdue, and how long ago, changes by itself. */
const tickMilliseconds = 30_000;

let isScheduled = false;
let pressedAt = -Infinity;

function show() {
  isScheduled = false;
  // Nothing may move away from under a finger: the click that follows would hit something else.
  if (performance.now() - pressedAt < longestPress) return schedule(50);
  performance.mark('show');
  followTimeZone();
  if (root) render(html`<${Page} now=${Date.now()} />`, root);
  performance.measure('show', 'show');
}

/** Shows all changes that come together at once. */
function schedule(milliseconds = 0) {
  if (isScheduled) return;
  isScheduled = true;
  setTimeout(show, milliseconds);
}

client.subscribe(() => schedule());
view.subscribe(() => schedule());
setInterval(() => schedule(), tickMilliseconds);
window.addEventListener('pointerdown', () => (pressedAt = performance.now()), true);
for (const end of ['click', 'pointercancel', 'dragend']) {
  window.addEventListener(end, () => (pressedAt = -Infinity), true);
}
window.addEventListener('pointerup', () => setTimeout(() => (pressedAt = -Infinity)), true);
document.addEventListener(
  'click',
  (event) => {
    // The second click of a double click: the first may have brought another task to this place.
    const isInList = event.target instanceof Element && event.target.closest('.list button') !== null;
    if (event.detail > 1 && isInList) event.stopPropagation();
  },
  true,
);
document.addEventListener('keydown', (event) => {
  // What is being composed (as in Japanese) has these keys to itself.
  if (event.isComposing) return;
  if (client.connection !== 'signed-out') onKeyDown(event);
});

void client.start();

// Only secure addresses have one: elsewhere the page works, but cannot be installed.
void navigator.serviceWorker?.register('/service-worker.js');
