import { ApiError, sendMessage } from './api.js';
import { byId, element, timeZone } from './dom.js';

const examples = [
  'Call Bob in 20 seconds !high',
  'Pay rent tomorrow at 9am #home every month',
  'What is due today?',
  'help',
];

/** Within a conversation, "it" means the task last spoken of. */
const conversation = crypto.randomUUID();

/** The chat: what the user writes, and what the server has understood and done. */
export function createChat() {
  const log = byId('chat-log', HTMLOListElement);
  const input = byId('message', HTMLInputElement);

  /** @param {string} text @param {string} className @param {Node[]} more */
  function say(text, className, ...more) {
    const speaker = element('span', { className: 'hidden' }, className === 'mine' ? 'You: ' : 'Answer: ');
    log.append(element('li', { className }, speaker, text, ...more));
    log.scrollTop = log.scrollHeight;
  }

  /**
   * @param {string} message
   * @param {string} shown what the log has in its place: people know tasks by their titles, not by their ids
   */
  async function send(message, shown = message) {
    say(shown, 'mine');
    try {
      const answer = await sendMessage(message, timeZone, conversation);
      say(answer.reply, '', ...choices(message, answer));
    } catch (error) {
      say(error instanceof ApiError ? error.message : 'The server cannot be reached. Nothing was sent.', 'failed');
    }
  }

  /**
   * A button for each task that could have been meant: the same message, with the task's id for its words.
   *
   * @param {string} message
   * @param {import('./api.js').ChatAnswer} answer
   */
  function choices(message, { candidates = [], understood }) {
    const words = understood.arguments['task'];
    if (typeof words !== 'string' || !message.includes(words)) return [];
    const buttons = candidates.map((task) => {
      const label = [
        task.title,
        task.due_date && new Date(task.due_date).toLocaleString(),
        ...task.tags.map((tag) => `#${tag}`),
      ]
        .filter(Boolean)
        .join(', ');
      const choose = element('button', { type: 'button', className: 'chip' }, label);
      choose.addEventListener(
        'click',
        () =>
          void send(
            message.replace(words, () => task.id),
            message.replace(words, () => `"${label}"`),
          ),
      );
      return choose;
    });
    return buttons.length > 0 ? [element('div', { className: 'chips' }, ...buttons)] : [];
  }

  byId('chat-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const message = input.value.trim();
    input.value = '';
    if (message) void send(message);
  });

  byId('examples', HTMLDivElement).append(
    ...examples.map((example) => {
      const chip = element('button', { type: 'button', className: 'chip' }, example);
      chip.addEventListener('click', () => {
        input.value = example;
        input.focus();
      });
      return chip;
    }),
  );

  return { focus: () => input.focus(), clear: () => log.replaceChildren() };
}
