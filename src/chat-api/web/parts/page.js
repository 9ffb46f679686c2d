import { useEffect } from 'preact/hooks';
import { client } from '../data/client.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Chat } from './chat.js';
import { HelpSheet } from './help-sheet.js';
import { IconButton } from './icon-button.js';
import { ReminderPanel } from './reminder-panel.js';
import { SignIn } from './sign-in.js';
import { TaskList } from './task-list.js';
import { Toasts } from './toasts.js';
import { Toolbar } from './toolbar.js';
import { Waiting } from './waiting.js';

const states = { 'signed-out': '', connecting: 'Connecting', live: 'Live', waiting: 'Connection lost, trying again' };

export function Page() {
  const isSignedIn = client.connection !== 'signed-out';
  const { length: unseen } = client.reminders.unseen;
  useEffect(() => {
    document.title = isSignedIn && unseen > 0 ? `(${unseen}) Tasks` : 'Tasks';
    if ('setAppBadge' in navigator) void navigator.setAppBadge(isSignedIn ? unseen : 0).catch(() => {});
  }, [isSignedIn, unseen]);
  return html`${isSignedIn ? html`<${SignedIn} />` : html`<${SignIn} />`}
    <div class="hidden" role="status" aria-label="News">
      ${client.notices.spoken.map(({ id, text }) => html`<p key=${id}>${text}</p>`)}
    </div>`;
}

function SignedIn() {
  return html`<${Header} />
    <main class="page">
      <section class="tasks" aria-labelledby="tasks-heading">
        <h2 id="tasks-heading" class="hidden">Tasks</h2>
        <div class="top">
          <${Toolbar} />
          <${Waiting} />
        </div>
        <${TaskList} />
      </section>
      <${Chat} />
    </main>
    ${view.panel === 'reminders' && html`<${ReminderPanel} />`} ${view.panel === 'help' && html`<${HelpSheet} />`}
    <${Toasts} />`;
}

function Header() {
  const { length: unseen } = client.reminders.unseen;
  const open = client.tasks.all.filter(({ status }) => status !== 'DONE').length;
  const toggle = (/** @type {'reminders' | 'help'} */ panel) => () =>
    view.set({ panel: view.panel === panel ? undefined : panel });
  return html`<header class="bar">
    <h1>
      <img src="/icon.svg" alt="" width="28" height="28" /><span class="name">Tasks</span
      ><span class="count" aria-label=${`${open} open`}>${open}</span>
    </h1>
    <p class="connection" role="status" data-state=${client.connection}><span>${states[client.connection]}</span></p>
    <${IconButton}
      icon="bell"
      label=${unseen > 0 ? `Reminders, ${unseen} new` : 'Reminders'}
      title="Reminders"
      aria-expanded=${view.panel === 'reminders'}
      onClick=${toggle('reminders')}
    >
      ${unseen > 0 && html`<span class="badge" aria-hidden="true">${unseen}</span>`}
    <//>
    <${IconButton}
      icon="keyboard"
      label="Keyboard"
      title="Keyboard (?)"
      more="wide-only"
      aria-expanded=${view.panel === 'help'}
      onClick=${toggle('help')}
    />
    <${IconButton} icon="out" label="Sign out" title="Sign out" onClick=${signOut} />
  </header>`;
}

function signOut() {
  const { length: waiting } = client.outbox.all;
  const question = `${waiting === 1 ? 'A change has' : `${waiting} changes have`} not been sent yet and would be lost. Sign out?`;
  if (waiting === 0 || window.confirm(question)) void client.signOut();
}
