import { session } from './api.js';
import { createChat } from './chat.js';
import { byId, timeZone } from './dom.js';
import { follow } from './live.js';
import { createReminders } from './reminders.js';
import { createTasks } from './tasks.js';

const main = byId('main', HTMLElement);
const signIn = byId('sign-in', HTMLDialogElement);
const signOut = byId('sign-out', HTMLButtonElement);
const token = byId('token', HTMLInputElement);
const connection = byId('connection', HTMLParagraphElement);

const chat = createChat();
const tasks = createTasks();
const reminders = createReminders();
let following = new AbortController();

const states = { connecting: 'Connecting', live: 'Live', waiting: 'Connection lost, trying again' };

/** @param {keyof typeof states} state */
function showState(state) {
  connection.textContent = states[state];
  connection.dataset['state'] = state;
}

/** Shows the user's tasks, from now on live. */
function open() {
  main.hidden = false;
  signOut.hidden = false;
  following = new AbortController();
  void follow(
    {
      onReady: () => tasks.load(),
      onEvent: (event, data) => {
        if (event === 'task') tasks.apply(/** @type {Parameters<typeof tasks.apply>[0]} */ (data));
        if (event === 'reminder') reminders.add(/** @type {import('./reminders.js').Reminder} */ (data));
      },
      onState: showState,
      onRefused: () => close('This token is not known. Please try another.'),
    },
    following.signal,
  );
  chat.focus();
}

/** Forgets the user. @param {string} reason */
function close(reason) {
  following.abort();
  session.end();
  for (const part of [chat, tasks, reminders]) part.clear();
  main.hidden = true;
  signOut.hidden = true;
  connection.textContent = 'Not connected';
  delete connection.dataset['state'];
  byId('sign-in-error', HTMLParagraphElement).textContent = reason;
  token.value = '';
  if (!signIn.open) signIn.showModal();
}

byId('sign-in-form', HTMLFormElement).addEventListener('submit', () => {
  session.begin(token.value.trim());
  open();
});
// Without a token there is nothing behind the dialog.
signIn.addEventListener('cancel', (event) => event.preventDefault());
signOut.addEventListener('click', () => close(''));

byId('zone', HTMLParagraphElement).textContent = `Times are in ${timeZone}`;
if (session.token) open();
else signIn.showModal();
