import { useLayoutEffect, useRef } from 'preact/hooks';
import { view } from '../data/view.js';
import { html } from '../show/html.js';
import { IconButton } from './icon-button.js';

/**
 * A sheet at the side. The rest of the page stays within reach, and notices appear above it.
 *
 * @param {{ name: string, children?: unknown }} properties
 */
export function Panel({ name, children }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const before = document.activeElement;
    const panel = heading.current?.closest('.panel');
    heading.current?.focus();
    return () => {
      // Only when the focus goes down with the panel: the user may have gone elsewhere.
      if (panel?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return html`<section class="panel" role="dialog" aria-labelledby="panel-heading">
    <div class="heading">
      <h2 id="panel-heading" tabindex="-1" ref=${heading}>${name}</h2>
      <${IconButton}
        icon="close"
        label=${`Close ${name.toLowerCase()}`}
        onClick=${() => view.set({ panel: undefined })}
      />
    </div>
    ${children}
  </section>`;
}
