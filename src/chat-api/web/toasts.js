import { byId, element } from './dom.js';

const shownMilliseconds = 12_000;

/** Shows a notice for a while; screen readers speak it at once. @param {string} text */
export function showToast(text) {
  const close = element('button', { type: 'button', className: 'plain', ariaLabel: 'Close notice' }, '×');
  const toast = element('div', { className: 'toast' }, element('p', {}, text), close);
  close.addEventListener('click', () => toast.remove());
  byId('toasts', HTMLDivElement).append(toast);
  setTimeout(() => toast.remove(), shownMilliseconds);
}
