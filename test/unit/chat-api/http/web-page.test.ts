import { expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import type * as Oauth from 'oauth4webapi';
import { webPage } from '../../../../src/chat-api/http/web-page.ts';

const page = webPage();

it('is smaller than 60 KB with all that it ever loads, but for the icons of who installs it', async () => {
  const worker = await (await page.request('/service-worker.js')).text();
  const [, addresses = '[]'] = /"addresses":(\[.*?\])/.exec(worker) ?? [];
  const sizes = (JSON.parse(addresses) as string[])
    .filter((address) => !address.startsWith('/icons/'))
    .map(async (address) => {
      const response = await page.request(address, { headers: { 'Accept-Encoding': 'br' } });
      return (await response.arrayBuffer()).byteLength;
    });
  expect(sizes.length).toBeGreaterThan(40);
  expect((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)).toBeLessThan(60 * 1024);
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
  const globals = Object.fromEntries(Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly'] as const));
  expect(new Linter().verify(text, { languageOptions: { globals }, rules: { 'no-undef': 'error' } })).toEqual([]);
  // RFC 7636, appendix B
  expect(await oauth.calculatePKCECodeChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
    'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  );
});
