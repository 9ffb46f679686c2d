import { html } from '../show/html.js';
import { Icon } from '../show/icons.js';

/**
 * A button with an icon instead of a word; the word is for screen readers, and for who points at it.
 *
 * @param {{ icon: import('../show/icons.js').IconName, label: string, title?: string, more?: string, children?: unknown } & Record<string, unknown>} properties
 *   more classes, and attributes of the button
 */
export function IconButton({ icon, label, title, more = '', children, ...attributes }) {
  return html`<button type="button" class=${`icon-button ${more}`} aria-label=${label} title=${title} ...${attributes}>
    <${Icon} name=${icon} />${children}
  </button>`;
}
