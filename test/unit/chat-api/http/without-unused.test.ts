import { expect, it } from '@jest/globals';
import type * as Oauth from 'oauth4webapi';
import { webPage } from '../../../../src/chat-api/http/web-page.ts';
import { withoutUnused } from '../../../../src/chat-api/http/without-unused.ts';

const code = `'use strict';
const used = 1;
export const other = 2;
let kept;
if (used) {
    kept = inner;
}
async function inner() {
    return other2();
}
export async function entry() { return kept; }
function other2() {}
export class Alone {}
`;

it('keeps what is reached from the used names, with the statements that belong to it, in its order', () => {
  expect(withoutUnused(code, ['entry', 'missing'])).toBe(
    code.replace('export const other = 2;\n', '').replace('export class Alone {}\n', ''),
  );
  expect(withoutUnused(code, [])).toBe("'use strict';\n");
});

it('serves a module of what the page uses of OpenID Connect', async () => {
  const response = await webPage().request('/lib/oauth4webapi.js');
  const text = await response.text();
  expect(text.length).toBeLessThan(60_000);
  const oauth = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as typeof Oauth;
  expect(Object.keys(oauth)).toEqual(
    expect.arrayContaining(['authorizationCodeGrantRequest', 'processRefreshTokenResponse', 'revocationRequest']),
  );
  expect(oauth).not.toHaveProperty('deviceAuthorizationRequest');
  // RFC 7636, appendix B
  expect(await oauth.calculatePKCECodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});
