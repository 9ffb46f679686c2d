import { html } from '../show/html.js';
import { timeZone } from '../show/times.js';
import { Panel } from './panel.js';
import { shortcuts, shortcutSetting } from './shortcuts.js';

/** What the keys do. */
export function HelpSheet() {
  return html`<${Panel} name="Keyboard">
    <dl class="keys">
      ${shortcuts.map(
        ({ keys, does }) =>
          html`<div key=${does}>
            <dt>${keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt>
            <dd>${does}</dd>
          </div>`,
      )}
    </dl>
    <label class="switch"
      ><input
        type="checkbox"
        checked=${shortcutSetting.isOn}
        onChange=${(/** @type {{ currentTarget: HTMLInputElement }} */ { currentTarget }) =>
          shortcutSetting.set(currentTarget.checked)}
      />Shortcuts of a single letter</label
    >
    <p class="quiet">Times are in ${timeZone}.</p>
  <//>`;
}
