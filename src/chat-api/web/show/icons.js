import { html } from './html.js';

/** Drawn on 24 x 24, with lines only. */
const paths = {
  alert: 'M12 8v5M12 16.5v.01M10.3 4.2 2.6 17.6A2 2 0 0 0 4.3 20.5h15.4a2 2 0 0 0 1.7-2.9L13.7 4.2a2 2 0 0 0-3.4 0Z',
  bell: 'M6 9a6 6 0 1 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0',
  chat: 'M20.5 12a8 8 0 0 1-11.6 7.1L4 20.5l1.4-4.9A8 8 0 1 1 20.5 12Z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  chevron: 'M8 10l4 4 4-4',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7.5V12l3 2',
  close: 'M6 6l12 12M18 6 6 18',
  cloud: 'M4 4l16 16M8.5 8.6A6 6 0 0 0 7 9a4.8 4.8 0 0 0 0 9.5h10M12 7a6 6 0 0 1 6 4.700A4 4 0 0 1 20 17.5',
  edit: 'M4 20h4L19.5 8.5a2.1 2.1 0 0 0-3-3L5 17v3ZM14 7.5l3 3',
  flag: 'M5.5 21V4.5M5.5 4.5c4-2.5 7 2.5 13 0v10c-6 2.5-9-2.5-13 0',
  keyboard: 'M3 6.5h18v11H3ZM7 10.5v.01M11 10.5v.01M15 10.5v.01M18 10.5v.01M8 14h8',
  note: 'M5 7h14M5 12h14M5 17h9',
  out: 'M14 4.5h4.5a1 1 0 0 1 1 1v13a1 1 0 0 1-1 1H14M10 16l-4-4 4-4M6 12h9',
  repeat: 'M4 11V9.5A3.5 3.5 0 0 1 7.5 6H20M17 3l3 3-3 3M20 13v1.5a3.5 3.5 0 0 1-3.5 3.5H4M7 21l-3-3 3-3',
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l4.5 4.5',
  select: 'M4 6.5l1.5 1.5L8.5 5M4 13.5l1.5 1.5 3-3M12 7h8M12 13.5h8M12 19.5h8M4 19.5h4',
  send: 'M5 12h14M13 6l6 6-6 6',
  skip: 'M5 6l8 6-8 6ZM18 6v12',
  snooze: 'M12 5.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15ZM9.5 10.5h5l-5 5h5M5 3.5 2.5 6M19 3.5 21.5 6',
  tag: 'M3.5 11.5v-7h7l10 10-7 7ZM8 8v.01',
  trash: 'M4.5 7h15M10 3.5h4M6.5 7l1 13.5h9l1-13.5M10 11v5.5M14 11v5.5',
};

/** @typedef {keyof typeof paths} IconName */

/** @param {{ name: IconName }} properties */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d=${paths[name]} />
  </svg>`;
}
