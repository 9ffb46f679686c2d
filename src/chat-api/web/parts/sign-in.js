import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { findProvider } from '../data/api.js';
import { client } from '../data/client.js';
import { session } from '../data/session.js';
import { html } from '../show/html.js';

/** @typedef {import('../data/api.js').FoundProvider} FoundProvider */

/** While the server is away, in milliseconds. */
const triedAfter = 3_000;

/** The whole page while nobody is signed in: there is nothing behind it, and nothing closes it. */
export function SignIn() {
  const [isKept, setKept] = useState(false);
  const [provider, setProvider] = useState(/** @type {FoundProvider | 'unknown' | 'away' | undefined} */ ('unknown'));
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>} */
    let timer;
    const find = () =>
      void findProvider().then(setProvider, () => {
        setProvider('away');
        timer = setTimeout(find, triedAfter);
      });
    find();
    return () => clearTimeout(timer);
  }, []);
  const stay = html`<label class="switch"
    ><input type="checkbox" checked=${isKept} onChange=${() => setKept(!isKept)} />Stay signed in on this device</label
  >`;
  return html`<main class="sign-in">
    <div class="sheet">
      <img src="/icon.svg" alt="" width="48" height="48" />
      <h1>Sign in to Tasks</h1>
      <p class="error" role="alert">${client.reason}</p>
      ${provider === 'away' && html`<p role="status">The server cannot be reached. Trying again.</p>`}
      ${provider === undefined && html`<${ByToken} isKept=${isKept}>${stay}<//>`}
      ${
        typeof provider === 'object' &&
        html`${stay}
          <${AtProvider} ...${{ provider, isKept }} />
          <details>
            <summary>Sign in with a token</summary>
            <${ByToken} isKept=${isKept} />
          </details>`
      }
    </div>
  </main>`;
}

/** @param {{ provider: FoundProvider, isKept: boolean }} properties */
function AtProvider({ provider, isKept }) {
  const [problem, setProblem] = useState('');
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => button.current?.focus(), []);
  const { host } = new URL(provider.issuer);
  async function leave() {
    setProblem('');
    try {
      // The API may have reached it meanwhile.
      const { endpoints, ...found } = (provider.endpoints ? provider : await findProvider()) ?? provider;
      if (!endpoints) throw new Error(`${host} cannot be reached. Please try again.`);
      await session.leaveFor({ ...found, endpoints }, isKept);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }
  return html`<button type="button" ref=${button} disabled=${!isSecureContext} onClick=${leave}>
      Sign in at ${host}
    </button>
    <p class="error" role="alert">${isSecureContext ? problem : 'Browsers allow this on https addresses only.'}</p>`;
}

/** @param {{ isKept: boolean, children?: unknown }} properties */
function ByToken({ isKept, children }) {
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));
  useLayoutEffect(() => {
    if (field.current?.checkVisibility()) field.current.focus();
  }, []);
  /** @param {Event} event */
  function signIn(event) {
    event.preventDefault();
    const token = field.current?.value.trim() ?? '';
    if (!token) return;
    client.signIn(token, isKept);
  }
  return html`<form onSubmit=${signIn} aria-label="Sign in with a token">
    <label for="token">Your token</label>
    <input
      ref=${field}
      id="token"
      type="password"
      autocomplete="current-password"
      required
      pattern="\\s*[!-~]+\\s*"
      title="Letters, digits and signs without spaces between them"
      aria-describedby="token-help"
    />
    <p id="token-help" class="quiet">Whoever runs this service has given it to you.</p>
    ${children}
    <button type="submit">Sign in</button>
  </form>`;
}
