import { beforeEach, describe, expect, it, jest } from '@jest/globals';

/** As a browser keeps texts for an origin. */
class MemoryStorage {
  readonly #items = new Map<string, string>();
  getItem = (key: string) => this.#items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#items.set(key, value);
  removeItem = (key: string) => void this.#items.delete(key);
}

const [forTab, forDevice] = [new MemoryStorage(), new MemoryStorage()];
Object.assign(globalThis, {
  sessionStorage: forTab,
  localStorage: forDevice,
  location: { origin: 'https://tasks.example.org' },
});
const { session } = await import('../../../../src/chat-api/web/data/session.js');

const key = 'kafka-events-session';
const provider = {
  issuer: 'https://id.example.org',
  client_id: 'page',
  scopes: ['openid'],
  bearer: 'access_token',
  endpoints: { authorization: 'https://id.example.org/auth', token: 'https://id.example.org/token' },
};
const minute = 60_000;
/** A session of the provider, whose token is to be replaced, and expires, in so many milliseconds. */
const begin = (refreshIn: number, expiresIn: number) => {
  const [refreshAt, expiresAt] = [Date.now() + refreshIn, Date.now() + expiresIn];
  forDevice.setItem(
    key,
    JSON.stringify({ token: 'old', owner: 'somebody', provider, refreshToken: 'first', refreshAt, expiresAt }),
  );
};
const answers = (status: number, body: object) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const fresh = { access_token: 'new', token_type: 'Bearer', expires_in: 300, refresh_token: 'second' };
const fetched = jest.spyOn(globalThis, 'fetch');

describe('the session', () => {
  beforeEach(() => {
    session.end();
    fetched.mockReset();
  });

  it('sends the token it has while that is good for a while', async () => {
    begin(minute, 2 * minute);
    expect(await session.token()).toBe('old');
    expect(fetched).not.toHaveBeenCalled();
  });

  it('gets one new token, however many ask for it, with a refresh token that is used once', async () => {
    begin(-1, minute);
    fetched.mockImplementation(() => Promise.resolve(answers(200, fresh)));
    expect(await Promise.all([session.token(), session.token(), session.renew('old')])).toEqual(['new', 'new', 'new']);
    expect(fetched).toHaveBeenCalledTimes(1);
    const sent = fetched.mock.calls[0]?.[1]?.body as URLSearchParams;
    expect(sent.get('refresh_token')).toBe('first');
    expect(JSON.parse(forDevice.getItem(key)!)).toMatchObject({ owner: 'somebody', refreshToken: 'second' });
    expect(forTab.getItem(key)).toBeNull();
  });

  it('goes on with a token that is still valid while the provider is away, and says so once it has expired', async () => {
    fetched.mockImplementation(() => Promise.reject(new TypeError('Failed to fetch')));
    begin(-1, minute);
    expect(await session.token()).toBe('old');
    begin(-2, -1);
    await expect(session.token()).rejects.toThrow('Failed to fetch');
    expect(session.isOpen).toBe(true);
  });

  it('is over when the provider has ended it, and asks no more', async () => {
    begin(-2, -1);
    fetched.mockImplementation(() => Promise.resolve(answers(400, { error: 'invalid_grant' })));
    expect(await session.token()).toBe('');
    expect(await session.renew('old')).toBe('');
    expect(fetched).toHaveBeenCalledTimes(1);
  });

  it('stays ended when the user signs out while a new token is on its way', async () => {
    begin(-1, minute);
    fetched.mockImplementation(() => {
      session.end();
      return Promise.resolve(answers(200, fresh));
    });
    expect(await session.token()).toBe('');
    expect(session.isOpen).toBe(false);
  });
});
