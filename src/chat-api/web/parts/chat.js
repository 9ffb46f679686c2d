import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { rehearse } from '../data/api.js';
import { client } from '../data/client.js';
import { drafts } from '../data/drafts.js';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';
import { sayRule } from '../show/recurrence-words.js';
import { sayTime, timeZone } from '../show/times.js';
import { IconButton } from './icon-button.js';

/** @typedef {import('../data/api.js').ChatAnswer} ChatAnswer */

const examples = [
  'Pay rent tomorrow at 9am #home every month',
  'Call Bob in 20 seconds !high',
  'What is due today?',
  'help',
];

/** The chat: what the user writes, and what the server has understood and done. */
export function Chat() {
  const [text, setText] = useDraft();
  const { all } = client.conversation;
  const log = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    // To the end, or to the beginning of an answer that is longer than what can be seen of it.
    const last = log.current?.querySelector('ol')?.lastElementChild;
    if (log.current && last) log.current.scrollTop += topOf(last) - topOf(log.current);
  }, [all, view.isChatOpen]);
  const last = all.at(-1);
  const isAnswered = last !== undefined && !last.isMine && !last.isQuiet;
  const bubbles = useMemo(() => all.map((said) => html`<${Bubble} key=${said.id} said=${said} />`), [all]);
  return html`<section class=${`chat ${view.isChatOpen ? 'is-open' : ''}`} aria-labelledby="chat-heading">
    <h2 id="chat-heading">Chat</h2>
    <${IconButton}
      icon=${view.isChatOpen ? 'close' : 'chat'}
      label=${view.isChatOpen ? 'Close the conversation' : 'Open the conversation'}
      more="narrow-only fold"
      aria-expanded=${view.isChatOpen}
      onClick=${() => (view.isChatOpen ? closeConversation() : view.set({ isChatOpen: true }))}
    />
    ${
      isAnswered &&
      !view.isChatOpen &&
      html`<${IconButton}
        icon="close"
        label="Close the answer"
        more="narrow-only dismiss"
        onClick=${() => client.conversation.see()}
      />`
    }
    <div ref=${log} class="log" role="log" aria-label="Conversation" tabindex="0">
      <ol>
        ${bubbles}
      </ol>
    </div>
    ${
      all.length === 0 &&
      html`<div class="examples" role="group" aria-label="Examples">
        <p class="quiet">Write what you have to do, as you would say it.</p>
        ${examples.map(
          (example) =>
            html`<button
              key=${example}
              type="button"
              class="chip"
              onClick=${() => {
                setText(example);
                document.getElementById('message')?.focus();
              }}
            >
              ${example}
            </button>`,
        )}
      </div>`
    }
    <${Composer} text=${text} setText=${setText} />
  </section>`;
}

const topOf = (/** @type {Element} */ element) => element.getBoundingClientRect().top;

/** Where there is little room: also the last answer goes, which was read by now. */
export function closeConversation() {
  view.set({ isChatOpen: false });
  client.conversation.see();
}

/** What is being written: also after a reload. @returns {[string, (text: string) => void]} */
function useDraft() {
  const [count, setCount] = useState(0);
  const write = (/** @type {string} */ words) => {
    if (words) drafts.keep('message', words);
    else drafts.drop('message');
    setCount(count + 1);
  };
  return [drafts.get('message', ''), write];
}

const states = { sent: '', sending: 'Sending', waiting: 'Waits to be sent', failed: 'Not done' };

/** @param {{ said: import('../data/conversation.js').Said }} properties */
function Bubble({ said }) {
  const { choices = [], isMine, isQuiet, progress, state, text } = said;
  // The buttons are the list.
  const words = choices.length > 0 ? text.replace(/\n- .*/g, '') : text;
  return html`<li dir="auto" class=${`bubble ${isMine ? 'mine' : ''} ${state} ${isQuiet ? 'is-quiet' : ''}`}>
    <span class="hidden">${isMine ? 'You: ' : 'Answer: '}</span>${isMine ? text : paragraphs(words)}
    ${isMine && state !== 'sent' && html`<span class="state">${progress ? `${progress}…` : states[state]}</span>`}
    ${
      choices.length > 0 &&
      html`<div class="choices">
        ${choices.map(
          ({ label, message, shown }) =>
            html`<button key=${message} type="button" class="chip" onClick=${() => client.say(message, shown)}>
              ${label}
            </button>`,
        )}
      </div>`
    }
  </li>`;
}

/** An answer's lists as lists. @param {string} text */
function paragraphs(text) {
  const parts = text.split(/\n?((?:^- .*\n?)+)/m);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const items = part.trim().split('\n');
    return html`<ul key=${index}>
      ${items.map((item, at) => html`<li key=${at}>${item.slice(2)}</li>`)}
    </ul>`;
  });
}

/** @param {{ text: string, setText: (text: string) => void }} properties */
function Composer({ text, setText }) {
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const [back, setBack] = useState(-1);
  const preview = usePreview(text);
  const change = client.outbox.all.find(({ kind, label }) => kind === 'chat' && label === text.trim());
  const isSending = change?.state === 'sending';
  const progress = isSending && client.conversation.all.find(({ id }) => id === change.key)?.progress;

  function send() {
    const message = text.trim();
    if (!message) return;
    client.say(message);
    setBack(-1);
    // Without a connection, or while one is tried, it is kept and shown as waiting: the next one can be written.
    if (client.connection !== 'live') setText('');
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    }
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const { history } = client.conversation;
    const isHistory = text === '' || text === history[back];
    if (!step || !isHistory || text.includes('\n')) return;
    const next = Math.max(-1, Math.min(history.length - 1, back + step));
    event.preventDefault();
    setBack(next);
    setText(history[next] ?? '');
  }

  return html`<form
    class="composer"
    onSubmit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      send();
    }}
  >
    <p id="understood" class="understood">${progress ? `${progress}…` : sayPreview(preview?.answer)}</p>
    <div class="field">
      <div class="mirror" dir="auto" aria-hidden="true">${underline(text, preview)}${'\u200b'}</div>
      <textarea
        id="message"
        dir="auto"
        ref=${field}
        rows="1"
        aria-label="Message"
        aria-describedby="understood"
        aria-busy=${isSending}
        enterkeyhint="send"
        autocomplete="off"
        placeholder="Add a task, or ask"
        value=${text}
        onInput=${(/** @type {{ currentTarget: HTMLTextAreaElement }} */ { currentTarget }) => {
          setBack(-1);
          setText(currentTarget.value);
        }}
        onKeyDown=${onKeyDown}
      ></textarea>
    </div>
    <button type="submit" class="send" aria-label="Send" title="Send" aria-busy=${isSending}>
      <${Icon} name="send" />
    </button>
  </form>`;
}

const restMilliseconds = 300;

/** What the message would do, asked for when the user's hands rest. @param {string} text */
function usePreview(text) {
  const [preview, setPreview] = useState(/** @type {{ text: string, answer: ChatAnswer } | undefined} */ (undefined));
  useEffect(() => {
    const isWorthIt = text.trim().length > 2 && client.connection === 'live';
    if (!isWorthIt) {
      setPreview(undefined);
      return undefined;
    }
    const abort = new AbortController();
    const timer = setTimeout(() => {
      rehearse(text, timeZone, client.conversation.id, abort.signal).then(
        (answer) => !abort.signal.aborted && setPreview({ text, answer }),
        () => !abort.signal.aborted && setPreview(undefined),
      );
    }, restMilliseconds);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [text]);
  // What was read of the text before still holds for the part that is still there.
  return text === '' ? undefined : preview;
}

/** The text with what was understood of it underlined. @param {string} text @param {{ text: string, answer: ChatAnswer } | undefined} preview */
function underline(text, preview) {
  let at = 0;
  const parts = [];
  for (const { start, end, means } of preview?.answer.spans ?? []) {
    const isStill = text.slice(start, end) === preview?.text.slice(start, end);
    if (start < at || end > text.length || !isStill) continue;
    parts.push(text.slice(at, start), html`<mark key=${start} class=${means}>${text.slice(start, end)}</mark>`);
    at = end;
  }
  return [...parts, text.slice(at)];
}

/** @type {Record<string, string>} */
const verbs = { completed: 'Completes', deleted: 'Deletes', rescheduled: 'Moves', updated: 'Changes' };

/** In a few words, what Enter will do. @param {ChatAnswer | undefined} answer */
function sayPreview(answer) {
  if (!answer) return undefined;
  const { outcome, task, candidates } = answer;
  if (outcome === 'ambiguous') return `${candidates?.length ?? 'Several'} tasks match: you will be asked which one`;
  if (outcome === 'not-found') return 'No task matches these words';
  const verb = outcome === 'created' ? 'New task:' : verbs[outcome];
  if (!task || !verb) return undefined;
  return [
    `${verb} ${task.title}`,
    task.due_date && outcome !== 'deleted' && outcome !== 'completed' && sayTime(task.due_date, Date.now()),
    task.recurrence && outcome === 'created' && sayRule(task.recurrence.rule),
    outcome === 'created' && task.priority !== 'MEDIUM' && `${task.priority.toLowerCase()} priority`,
    outcome === 'created' && task.tags.map((tag) => `#${tag}`).join(' '),
  ]
    .filter(Boolean)
    .join(' · ');
}
