import { render } from 'preact';
import { client } from './data/client.js';
import { followRelease } from './data/release.js';
import { view } from './data/view.js';
import { followHistory } from './parts/layers.js';
import { Page } from './parts/page.js';
import { changeBeneath, followPresses, isPressed } from './parts/presses.js';
import { onKeyDown } from './parts/shortcuts.js';
import { followNotifications } from './parts/show-task.js';
import { html } from './show/html.js';
import { followTimeZone } from './show/times.js';

const root = document.getElementById('page');
if (!root) throw new Error('The page has no #page');
root.replaceChildren();

/** What is overdue, and how long ago, changes by itself. */
const tickMilliseconds = 30_000;

let isScheduled = false;

function show() {
  isScheduled = false;
  if (isPressed()) return schedule(50);
  performance.mark('show');
  followTimeZone();
  if (root) changeBeneath(() => render(html`<${Page} now=${Date.now()} />`, root));
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
// Timers sleep while nobody looks.
document.addEventListener('visibilitychange', () => schedule());
document.addEventListener('keydown', (event) => {
  // What is being composed (as in Japanese) has these keys to itself.
  if (event.isComposing) return;
  if (client.connection !== 'signed-out') onKeyDown(event);
});

followHistory();
followPresses();
followNotifications();
followRelease();
void client.start();
