import { useEffect, useRef } from 'preact/hooks';
import { client } from '../data/client.js';
import { session } from '../data/session.js';
import { html } from '../show/html.js';

/** The whole page while nobody is signed in: there is nothing behind it, and nothing closes it. */
export function SignIn() {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  const keep = useRef(/** @type {HTMLInputElement | null} */ (null));
  useEffect(() => field.current?.focus(), []);
  /** @param {Event} event */
  function signIn(event) {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (!token) return;
    session.begin(token, keep.current?.checked ?? false);
    void client.open();
  }
  return html`<main class="sign-in">
    <form onSubmit=${signIn} aria-labelledby="sign-in-heading">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1 id="sign-in-heading">Sign in to Tasks</h1>
      <label for="token">Your token</label>
      <input
        ref=${field}
        id="token"
        type="password"
        autocomplete="current-password"
        required
        aria-describedby="token-help"
      />
      <p id="token-help" class="quiet">Whoever runs this service has given it to you.</p>
      <label class="switch"><input ref=${keep} type="checkbox" />Stay signed in on this device</label>
      <p class="error" role="alert">${client.reason}</p>
      <button type="submit">Sign in</button>
    </form>
  </main>`;
}
