import { client } from '../data/client.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';

/** So many that wait are listed. */
const most = 20;

/** Whether the server is away, and what waits until it is back. */
export function Waiting() {
  const isAway = client.connection === 'waiting';
  const stuck = client.outbox.all.filter(({ state }) => state === 'waiting');
  const orphans = client.outbox.all.filter(
    ({ state, taskId }) => ['conflict', 'rejected'].includes(state) && !client.tasks.get(taskId ?? ''),
  );
  if (!isAway && stuck.length === 0 && orphans.length === 0) return null;
  const problem = stuck.find((change) => change.problem && !isAway)?.problem;
  return html`<section class="away" aria-label="Not sent yet">
    ${
      (isAway || stuck.length > 0) &&
      html`<div class="line">
        <${Icon} name="cloud" />
        <p>
          <strong>${isAway ? 'No connection.' : 'Not sent yet.'}</strong>${' '}
          ${
            isAway
              ? `${client.problem && `${client.problem}. `}You see your tasks as they were last; what you change is kept and sent later.`
              : `${problem ?? 'The server does not answer'}. Trying again.`
          }
        </p>
        <button type="button" class="plain" onClick=${() => client.tryNow()}>Try now</button>
      </div>`
    }
    ${
      stuck.length > 0 &&
      html`<ul aria-label="Waits to be sent">
        ${stuck.slice(0, most).map(
          ({ key, label }) =>
            html`<li key=${key}>
              <span dir="auto">${label}</span>
              <button type="button" class="link" aria-label=${`Discard: ${label}`} onClick=${() => discard(key)}>
                Discard
              </button>
            </li>`,
        )}
        ${stuck.length > most && html`<li>and ${stuck.length - most} more</li>`}
      </ul>`
    }
    ${orphans.map(
      ({ key, label }) =>
        html`<div class="line" key=${key}>
          <${Icon} name="alert" />
          <p><strong>${label}: not possible.</strong> The task was deleted meanwhile.</p>
          <button type="button" class="plain" onClick=${() => client.outbox.discard(key)}>Discard</button>
        </div>`,
    )}
  </section>`;
}

/** @param {string} key */
function discard(key) {
  client.outbox.discard(key);
  client.conversation.mark(key, 'failed');
}
