import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Client } from 'pg';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request, Route } from 'playwright-core';
import { userIdOf } from '../../../src/chat-api/http/user-id.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { alice, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { ensureChromium, launchChromium } from '../../support/chromium.ts';
import { startIdentityProvider } from '../../support/identity-provider.ts';
import { until } from '../../support/until.ts';

const missing = await ensureChromium();
if (missing) console.warn(`The tests of the page are skipped. ${missing}`);
const withChromium = missing ? describe.skip : describe;

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const day = 24 * 60 * 60 * 1000;
const minute = 60_000;

withChromium('the page', () => {
  let postgres: Postgres;
  let databaseUri: string;
  let api: RunningChatApi;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complains of; a strict policy for content speaks up here. */
  let complaints: string[];

  beforeAll(async () => {
    postgres = await startPostgres();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    await postgres?.stop();
  });
  beforeEach(async () => {
    databaseUri = await postgres.createDatabase();
    api = await startChatApi(databaseUri, new MemoryPublisher());
    complaints = [];
  });
  afterEach(async () => {
    await context?.close();
    await api?.stop();
  });

  async function open(options: BrowserContextOptions = {}): Promise<void> {
    context = await browser.newContext({
      timezoneId: 'Asia/Kathmandu',
      locale: 'en-GB',
      serviceWorkers: 'block',
      reducedMotion: 'reduce',
      ...options,
    });
    page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      // Of an identity provider's own pages, nothing is of interest here.
      const isOwn = message.location().url.startsWith(api.url);
      if (message.type() === 'error' && isOwn) complaints.push(message.text());
    });
    page.setDefaultTimeout(60_000);
    await page.goto(api.url);
  }

  async function signIn(token = alice): Promise<void> {
    await page.getByLabel('Your token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function openAsAlice(options: BrowserContextOptions = {}): Promise<void> {
    await open(options);
    await signIn();
    await state('Live');
  }

  async function say(message: string): Promise<void> {
    await page.getByLabel('Message').fill(message);
    await page.keyboard.press('Enter');
  }

  async function add(body: Record<string, unknown>): Promise<string> {
    const answer = await api.ask('/v1/tasks', { method: 'POST', body });
    expect(answer.status).toBe(201);
    return answer.body.id as string;
  }

  const change = (id: string, body: Record<string, unknown>) => api.ask(`/v1/tasks/${id}`, { method: 'PATCH', body });
  const kept = async () => (await api.ask('/v1/tasks')).body.items as Record<string, unknown>[];

  const reminders = async () => (await api.ask('/v1/reminders')).body.items as { readonly id: string }[];

  function remind(title: string, due: number, task_id: string = randomUUID()): Promise<void> {
    const timestamp = new Date().toISOString();
    const due_date = new Date(due).toISOString();
    return api.reminders.add([
      {
        event_id: randomUUID(),
        event_type: 'reminder-due',
        event_version: 'v1',
        timestamp,
        correlation_id: randomUUID(),
        producer: 'reminder-worker',
        payload: { task_id, user_id: userIdOf('alice'), title, due_date, lead_time_seconds: 0 },
      },
    ]);
  }

  const state = (text: string) =>
    page.locator('.connection').getByText(text, { exact: true }).waitFor({ state: 'attached' });
  const tasks = () => page.locator('[data-task]');
  const row = (title: string) => tasks().filter({ hasText: title });
  const section = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`) });
  const answer = (text: string | RegExp) => page.getByRole('log').getByText(text).last().waitFor();
  const notice = (text: string | RegExp) => page.getByRole('region', { name: 'Notices' }).getByText(text).waitFor();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('takes a task by chat and shows it at once, in the zone of the browser, and undoes it', async () => {
    await openAsAlice();
    await say('Pay <b>rent</b> on 2090-05-04 at 9:00 #home !high');
    await answer(/^Answer: Created "Pay <b>rent<\/b>"/);
    const task = row('Pay <b>rent</b>');
    await task.getByText('High', { exact: true }).waitFor();
    expect(await task.locator('time').getAttribute('datetime')).toBe('2090-05-04T03:15:00.000Z');
    // Another year is said; seconds are not.
    expect(await task.locator('time').textContent()).toBe('Thu, 4 May 2090 9:00');
    expect(await page.getByLabel('Message').inputValue()).toBe('');
    await page.getByLabel('Message').press('ArrowUp');
    expect(await page.getByLabel('Message').inputValue()).toContain('Pay <b>rent</b>');
    await button('Undo').click();
    await until(async () => (await tasks().count()) === 0);
    expect(complaints).toEqual([]);
  });

  it('says what a message would do before it is sent', async () => {
    await openAsAlice();
    await page.getByLabel('Message').fill('Water the plants every friday #home');
    await page.getByText(/New task: Water the plants · .* · every Friday · #home/).waitFor();
    const marks = `[...document.querySelectorAll('.mirror mark:not(.title)')].map((mark) => mark.className + ': ' + mark.textContent)`;
    expect(await page.evaluate(marks)).toEqual(['recurrence: every friday', 'tag: #home']);
    expect(await kept()).toEqual([]);
  });

  it('edits, completes, reopens and deletes tasks with the keyboard', async () => {
    await add({ title: 'Call Bob', due_date: '2090-05-04T03:15:00.123Z' });
    await openAsAlice();
    await button('Edit: Call Bob').press('Enter');
    await page.getByLabel('Title').fill('Call Ann');
    await page.getByLabel('Tags').fill('#phone');
    await page.keyboard.press('Enter');
    await row('Call Ann').getByText('#phone').waitFor();
    // The form shows no seconds, and does not take them away either.
    expect(await kept()).toMatchObject([{ title: 'Call Ann', tags: ['phone'], due_date: '2090-05-04T03:15:00.123Z' }]);
    await page.getByRole('checkbox', { name: 'Done: Call Ann' }).press('Space');
    await notice('Completed "Call Ann"');
    await page.getByText('Nothing to do').waitFor({ state: 'detached' });
    await section('Done').press('Enter');
    await button('Edit: Call Ann').press('x');
    await section('Upcoming').waitFor();
    await button('Edit: Call Ann').press('Delete');
    await until(async () => (await tasks().count()) === 0);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).getByText('Undo the last change').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('u');
    await row('Call Ann').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows tasks by when they are due; searches, filters and sorts them; changes several at once', async () => {
    const now = Date.now();
    await add({ title: 'Late', due_date: new Date(now - 2 * day).toISOString(), tags: ['work'] });
    await add({ title: 'Far', due_date: new Date(now + 3 * day).toISOString(), priority: 'HIGH' });
    await add({ title: 'Any time', description: 'about pears' });
    await add({ title: 'Over', status: 'DONE' });
    await openAsAlice();
    const names = () => page.getByRole('list', { name: 'Tasks' }).getByRole('heading').allTextContents();
    expect(await names()).toEqual(['Overdue1', 'Upcoming1', 'No date1', 'Done1']);
    await page.getByLabel('Search').fill('PEARS');
    await until(async () => (await tasks().count()) === 1);
    await row('Any time').waitFor();
    await page.getByLabel('Search').press('Escape');
    await page.getByLabel('Tag', { exact: true }).selectOption('work');
    await until(async () => (await names()).join() === 'Overdue1');
    await page.getByLabel('Tag', { exact: true }).selectOption('');
    await page.getByLabel('Priority', { exact: true }).selectOption('HIGH');
    await until(async () => (await names()).join() === 'Upcoming1');
    await page.getByLabel('Priority', { exact: true }).selectOption('');
    await button('Select tasks').click();
    for (const title of ['Late', 'Far']) await page.getByRole('checkbox', { name: `Select: ${title}` }).click();
    await button('Complete').click();
    await notice('Completed 2 tasks');
    await until(async () => (await names()).join() === 'No date1,Done3');
    await button('Undo').click();
    await until(async () => (await names()).join() === 'Overdue1,Upcoming1,No date1,Done1');
  });

  it('says what words about a recurrence mean, with the next dates, and saves it; snoozes one occurrence', async () => {
    await add({ title: 'Water the plants', due_date: '2090-05-04T03:15:00Z' });
    await openAsAlice();
    await button('Edit: Water the plants').click();
    await page.getByLabel('Repeats').fill('whenever');
    await page.getByText('Not understood').waitFor();
    await page.getByLabel('Repeats').fill('every 2 weeks');
    await page.getByText(/^Next: Thu 4 May 2090 at 09:00 · Thu 18 May 2090 at 09:00/).waitFor();
    await button('Save').click();
    await row('every 2 weeks').waitFor();
    expect(await kept()).toMatchObject([
      {
        due_date: '2090-05-04T03:15:00.000Z',
        recurrence: { rule: 'FREQ=WEEKLY;INTERVAL=2', time_zone: expect.stringMatching(/^Asia\/Kath?mandu$/) },
      },
    ]);
    await button('Snooze: Water the plants').click();
    await button('1 hour').click();
    await notice(/^Snoozed/);
    await page.getByRole('checkbox', { name: 'Done: Water the plants' }).click();
    // Snoozing did not move the series.
    await until(async () => (await kept())[0]?.due_date === '2090-05-18T03:15:00.000Z');
    await button('Snooze: Water the plants').click();
    await button('Skip this time').click();
    await notice(/^Skipped "Water the plants". Next: Thu, 1 Jun 2090/);
    await button('Undo').last().click();
    await until(async () => (await kept())[0]?.due_date === '2090-05-18T03:15:00.000Z');
  });

  it('lets the user choose when several tasks could be meant', async () => {
    for (const tag of ['ann', 'ben']) await add({ title: 'Send invoice', tags: [tag] });
    await openAsAlice();
    await say('delete send invoice');
    await page.getByRole('log').getByRole('button', { name: 'Send invoice, #ben' }).click();
    await answer(/Deleted "Send invoice", #ben/);
    await until(async () => (await tasks().count()) === 1);
    expect(await kept()).toMatchObject([{ tags: ['ann'] }]);
  });

  it('shows reminders until somebody does something about them, and says truly when a task is due', async () => {
    const id = await add({ title: 'Pay rent', due_date: new Date().toISOString() });
    await remind('From while nobody looked', Date.now() - 3 * 60 * minute);
    await openAsAlice();
    await notice(/^Was due today .*: From while nobody looked/);
    await remind('Pay rent', Date.now(), id);
    await notice('Due now: Pay rent');
    await until(async () => (await page.title()) === '(2) Tasks');
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Done: Pay rent' }).click();
    await until(async () => (await kept())[0]?.status === 'DONE');
    for (const title of ['One', 'Two', 'Three']) await remind(title, Date.now() - 5 * minute);
    await notice('4 reminders.');
    await button('Show').click();
    const list = page.getByRole('list', { name: 'Reminders' }).getByRole('listitem');
    await until(async () => (await list.count()) === 5);
    await until(async () => (await page.title()) === 'Tasks');
    await button('Clear: One').click();
    await until(async () => (await reminders()).length === 4);
    // What is cleared in another browser is gone here too, once somebody looks.
    await api.ask(`/v1/reminders/${(await reminders())[0]!.id}`, { method: 'DELETE' });
    await button('Close reminders').click();
    await button('Reminders').click();
    await until(async () => (await list.count()) === 3);
    await button('Clear all').click();
    await page.getByText('When a task is due, it appears here.').waitFor();
    await until(async () => (await reminders()).length === 0);
    expect(complaints).toEqual([]);
  });

  it('connects again when the connection was lost, and misses nothing', async () => {
    await openAsAlice();
    await context.setOffline(true);
    await state('Connection lost, trying again');
    await add({ title: 'Made meanwhile' });
    await context.setOffline(false);
    await row('Made meanwhile').waitFor();
  });

  it('keeps the token for the tab only, asks again for a wrong one, and forgets it on request', async () => {
    await open();
    await page.keyboard.press('Escape');
    await signIn('wrong');
    await page.getByText('This token is not known').waitFor();
    await page.keyboard.press('Escape');
    await signIn();
    await state('Live');
    await page.reload();
    await state('Live');
    await button('Sign out').click();
    await page.getByLabel('Your token').waitFor();
    const left = '[sessionStorage.length, localStorage.length, document.cookie]';
    expect(await page.evaluate(left)).toEqual([0, 0, '']);
    await until(async () => (await page.evaluate<number>('indexedDB.databases().then((all) => all.length)')) === 0);
  });

  it('signs in at an OpenID Connect provider, stays signed in, and signs out there too', async () => {
    const audience = 'urn:kafka-events:chat-api';
    const provider = await startIdentityProvider({ redirectUris: [], audience, accessTokenSeconds: 4 });
    const { issuer } = provider;
    const signIn = { issuer, audience, clientId: 'page', userClaim: 'sub', scopes: ['openid', 'offline_access'] };
    await api.stop();
    api = await startChatApi(databaseUri, new MemoryPublisher(), { signIn: { ...signIn, caFile: undefined } });
    provider.allowRedirect(`${api.url}/`);
    try {
      await open();
      const asked: { readonly url: string; readonly isWithToken: boolean }[] = [];
      context.on('request', (request) => {
        asked.push({ url: request.url(), isWithToken: 'authorization' in request.headers() });
      });
      const atProvider = page.getByRole('button', { name: `Sign in at ${new URL(issuer).host}` });
      const asAda = async () => {
        await atProvider.click();
        await page.locator('[name=login]').fill('ada');
        await page.locator('[name=password]').fill('any');
        await page.getByRole('button', { name: 'Sign-in' }).click();
        await page.getByRole('button', { name: 'Continue' }).click();
        await state('Live');
      };
      await page.keyboard.press('Escape');
      await asAda();
      expect(page.url()).toBe(`${api.url}/`);
      await say('Feed the cat');
      await row('Feed the cat').waitFor();
      await page.keyboard.press('Escape');
      await page.reload();
      await row('Feed the cat').waitFor();
      // Nobody knows the user or the token by the name of what the browser keeps.
      const names = () => page.evaluate<string[]>('indexedDB.databases().then((all) => all.map(({ name }) => name))');
      expect(await names()).toEqual([expect.stringMatching(/^kafka-events-tasks-[0-9a-f]{64}$/)]);

      for (const title of ['Water the plants', 'Call Bob']) {
        await until(() =>
          page.evaluate<boolean>('Date.now() > JSON.parse(sessionStorage.getItem("kafka-events-session")).refreshAt'),
        );
        const asked = provider.asked.get('/token') ?? 0;
        await say(title);
        await row(title).waitFor();
        expect(provider.asked.get('/token')).toBeGreaterThan(asked);
      }

      const secrets = await page.evaluate<string>('sessionStorage.getItem("kafka-events-session")');
      const { token, refreshToken } = JSON.parse(secrets) as { token: string; refreshToken: string };
      await button('Sign out').click();
      await page.getByRole('button', { name: 'Yes, sign me out' }).click();
      await atProvider.waitFor();
      expect(await page.evaluate('[sessionStorage.length, localStorage.length]')).toEqual([0, 0]);
      await until(async () => (await names()).length === 0);
      expect(provider.asked.get('/token/revocation')).toBe(1);
      // The provider asks for the password again.
      await asAda();
      await row('Feed the cat').waitFor();

      for (const { url } of asked) expect([token, refreshToken].some((secret) => url.includes(secret))).toBe(false);
      const withToken = asked.filter(({ isWithToken }) => isWithToken).map(({ url }) => new URL(url).origin);
      expect([...new Set(withToken)]).toEqual([api.url]);
      expect(complaints).toEqual([]);

      // An answer that nobody has asked for signs nobody in.
      await page.evaluate('sessionStorage.clear()');
      await page.goto(`${api.url}/?code=stolen&state=made-up`);
      await page.getByText('This sign-in was not begun in this tab').waitFor();
      expect(page.url()).toBe(`${api.url}/`);
    } finally {
      await provider.stop();
    }
  });

  it('creates one task when the answer to a message was lost, and keeps its text', async () => {
    await openAsAlice();
    const keys: string[] = [];
    const lose = async (route: Route) => {
      if (route.request().postData()?.includes('dry_run')) return route.continue();
      keys.push(route.request().headers()['idempotency-key'] ?? '');
      if (keys.length > 2) return route.continue();
      await route.fetch();
      await route.abort();
    };
    await page.route('**/v1/chat', lose);
    await say('Feed the cat');
    await page.getByRole('list', { name: 'Waits to be sent' }).getByText('Feed the cat').waitFor();
    expect(await page.getByLabel('Message').inputValue()).toBe('Feed the cat');
    await page.getByLabel('Message').press('Enter');
    await answer(/Created "Feed the cat"/);
    await until(async () => (await page.getByLabel('Message').inputValue()) === '');
    expect((await kept()).map(({ title }) => title)).toEqual(['Feed the cat']);
    expect(new Set(keys).size).toBe(1);
  });

  it('shows both versions in a conflict, the rejected field, and never what did not happen', async () => {
    const id = await add({ title: 'Draft', tags: ['a'] });
    await openAsAlice();
    // The focus comes with the form: later, it would take away what is typed into another field by then.
    await page.evaluate(`
      new MutationObserver(() => {
        if (document.querySelector('.editor')) window.focusedFirst ??= document.activeElement.id || 'nothing';
      }).observe(document.querySelector('.list'), { subtree: true, childList: true })`);
    await button('Edit: Draft').click();
    await page.getByLabel('Title').fill('Mine');
    expect(await page.evaluate('focusedFirst')).toBe(`title-${id}`);
    await change(id, { title: 'Theirs' });
    await page.getByText('This task has changed since you opened it').waitFor();
    // A live change takes neither the words nor the focus away.
    expect(await page.getByLabel('Title').inputValue()).toBe('Mine');
    expect(await page.evaluate('document.activeElement.id')).toBe(`title-${id}`);
    await button('Save').click();
    await page.getByRole('row', { name: 'Title Mine Theirs' }).waitFor();
    await button('Use mine').click();
    await row('Mine').waitFor();
    await until(async () => (await kept())[0]?.title === 'Mine');

    await button('Edit: Mine').click();
    await page.getByLabel('Tags').fill('#not,a/tag');
    await button('Save').click();
    await page.getByRole('alert').getByText('must be 1 to 50 letters, digits, - or _').waitFor();
    expect(await page.getByLabel('Tags').inputValue()).toBe('#not,a/tag');
    await page.getByLabel('Tags').press('Escape');

    let wasBusy = false;
    const answers = [
      { status: 429, headers: { 'Retry-After': '1' }, body: JSON.stringify({ detail: 'Too many requests' }) },
      { status: 400, body: JSON.stringify({ detail: 'The server refuses it' }) },
    ];
    await page.route('**/complete', async (route) => {
      wasBusy ||= (await page.getByRole('checkbox', { name: 'Done: Mine' }).getAttribute('aria-checked')) === 'true';
      await route.fulfill({ contentType: 'application/problem+json', ...answers.shift() });
    });
    const box = page.getByRole('checkbox', { name: 'Done: Mine' });
    await box.click();
    await page.getByText('Too many requests').waitFor();
    await page.getByText('The server refuses it').first().waitFor();
    expect(wasBusy).toBe(false);
    expect(await box.getAttribute('aria-checked')).toBe('false');
  });

  it('can be read without a connection, and sends what was changed meanwhile once', async () => {
    await add({ title: 'Here before' });
    await open({ serviceWorkers: 'allow' });
    await page.getByText('Stay signed in').click();
    await signIn();
    await state('Live');
    await page.evaluate('navigator.serviceWorker.ready');
    await until(() =>
      page.evaluate<boolean>(
        'caches.keys().then(([name]) => caches.open(name)).then((cache) => cache.match("/app.js")).then(Boolean)',
      ),
    );
    await until(() => page.evaluate<boolean>('navigator.serviceWorker.controller !== null'));
    // What the browser keeps is written a second after the last change.
    await until(async () => (await keptOffline()).includes('Here before'));
    await context.setOffline(true);
    await page.reload();
    await row('Here before').waitFor();
    await state('Connection lost, trying again');
    await page.getByRole('checkbox', { name: 'Done: Here before' }).click();
    await row('Here before').getByText('Waits to be sent').waitFor();
    await say('Written on a train');
    await page.getByRole('list', { name: 'Waits to be sent' }).getByText('Written on a train').waitFor();
    expect(await page.getByLabel('Message').inputValue()).toBe('');
    await page.reload();
    await page.getByRole('list', { name: 'Waits to be sent' }).getByText('Written on a train').waitFor();
    await context.setOffline(false);
    await row('Written on a train').waitFor();
    await until(async () => {
      const titles = (await kept()).map(({ title, status }) => `${String(title)} ${String(status)}`);
      return titles.toSorted().join() === 'Here before DONE,Written on a train TODO';
    });
    await page.getByText('Waits to be sent').first().waitFor({ state: 'detached' });
  });

  const keptOffline = () =>
    page.evaluate<string>(`indexedDB.databases().then(([{ name }]) => new Promise((resolve) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => {
        const asked = opening.result.transaction('kept').objectStore('kept').get('tasks');
        asked.onsuccess = () => { opening.result.close(); resolve(JSON.stringify(asked.result ?? [])); };
      };
    }))`);

  it('fits every width, with the tasks to be seen and large enough to touch on a phone', async () => {
    for (let index = 0; index < 30; index++) {
      await add({
        title: `Task ${index} of ${'many '.repeat(index % 7)}`,
        tags: ['home', 'errands'],
        priority: 'HIGH',
      });
    }
    await openAsAlice(phone);
    expect(await page.evaluate(isOnTop(0))).toBe(true);
    const small = await page.evaluate<string[]>(tooSmall);
    expect(small).toEqual([]);
    // The last task can be scrolled out from under the composer.
    await until(async () => {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      return page.evaluate<boolean>(isOnTop(-1));
    });
    await say('what is due today?');
    await page.getByRole('log').getByText('No matching tasks').waitFor();
    for (const width of [320, 390, 600, 900, 1024, 1440]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
      const covered = await page.evaluate<boolean>(`(() => {
        const [tasks, chat] = ['.tasks .list', '.chat'].map((part) => document.querySelector(part).getBoundingClientRect());
        return getComputedStyle(document.querySelector('.chat')).position !== 'fixed' && tasks.right > chat.left;
      })()`);
      expect([width, covered]).toEqual([width, false]);
    }
  });

  it.each([
    ['a desk', {}],
    ['a phone', phone],
  ])('has no findings of axe, light and dark, in any state, on %s', async (_, device) => {
    const id = await add({
      title: 'Pay rent',
      due_date: new Date(Date.now() - day).toISOString(),
      priority: 'HIGH',
      tags: ['home'],
    });
    await add({ title: 'Learn to sing', priority: 'LOW', description: 'For a start' });
    await add({ title: 'Over', status: 'DONE' });
    await open(device);
    const findings: unknown[] = [];
    const look = async (name: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate<{ id: string; nodes: { html: string; failureSummary: string }[] }[]>(
          `${axe}; axe.run().then(({ violations }) => violations)`,
        );
        for (const { id: rule, nodes } of found) {
          findings.push({
            name,
            colorScheme,
            rule,
            nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary),
          });
        }
      }
    };
    await look('sign-in');
    await signIn();
    await state('Live');
    await section('Done').click();
    await look('list');
    await say('Call Bob tomorrow');
    await remind('Call Bob', Date.now());
    await notice('Due now: Call Bob');
    await look('notices');
    await button('Edit: Pay rent').click();
    await look('editor');
    await page.getByLabel('Title').fill('Mine');
    await change(id, { title: 'Theirs' });
    await button('Save').click();
    await button('Use mine').waitFor();
    await look('conflict');
    await page.keyboard.press('Escape');
    await button('Reminders, 1 new').click();
    await look('reminders');
    await button('Close reminders').click();
    await page.locator('.bar').press('?');
    await look('keyboard');
    await button('Close keyboard').click();
    await button('Select tasks').click();
    await look('selection');
    await button('Cancel').click();
    await context.setOffline(true);
    await state('Connection lost, trying again');
    await say('Feed the cat');
    await page.getByRole('list', { name: 'Waits to be sent' }).waitFor();
    await look('away');
    expect(findings).toEqual([]);
  });

  it('makes only the row again that changed, with 1,000 tasks, and is small', async () => {
    const id = await add({ title: 'The one', due_date: '2050-01-01T00:00:00Z' });
    await fill(1000);
    await open();
    const loaded: Request[] = [];
    page.on('requestfinished', (request) => {
      if (!new URL(request.url()).pathname.startsWith('/v1/')) loaded.push(request);
    });
    await page.reload();
    await signIn();
    await row('The one').waitFor();
    await state('Live');
    // Also what only sign-in with OpenID Connect needs.
    await page.evaluate("import('/data/identity-provider.js').then(() => {})");
    await until(() => loaded.some((request) => request.url().endsWith('/lib/oauth4webapi.js')));
    const sizes = await Promise.all(loaded.map(async (request) => (await request.sizes()).responseBodySize));
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60 * 1024);
    await page.evaluate(`
      window.changed = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) changed.add(target.parentElement?.closest('[data-task]')?.dataset.task ?? 'none');
      }).observe(document.querySelector('.list'), { subtree: true, childList: true, attributes: true, characterData: true });
      performance.clearMeasures();
    `);
    for (let index = 0; index < 5; index++) {
      await change(id, { title: `Change ${index}` });
      await row(`Change ${index}`).waitFor();
    }
    expect(await page.evaluate('[...changed]')).toEqual([id]);
    const times = await page.evaluate<number[]>(
      'performance.getEntriesByName("show", "measure").map(({ duration }) => duration)',
    );
    // 16 ms on a machine with nothing else to do. Of the slower ones, who knows what else the machine did.
    expect(Math.min(...times)).toBeLessThan(50);
    // The rest of the rows comes as the user gets near.
    const count = await tasks().count();
    expect(count).toBeLessThan(200);
    await page.mouse.move(300, 400);
    await page.mouse.wheel(0, 100_000);
    await until(async () => (await tasks().count()) > count);
  });

  it('keeps everything within the width when text is twice as large, and shows what is chosen without colours', async () => {
    await add({ title: 'Pay rent', due_date: new Date(Date.now() + day).toISOString(), tags: ['home'] });
    await add({ title: 'Over', status: 'DONE' });
    await openAsAlice(phone);
    const settings = await context.newCDPSession(page);
    const enlarge = (standard: number) => settings.send('Page.setFontSizes', { fontSizes: { standard } });
    await enlarge(32);
    await button('Edit: Pay rent').click();
    for (const width of [390, 1024]) {
      await page.setViewportSize({ width, height: 844 });
      expect([width, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([width, width]);
      // One line: nothing wraps there by the letter.
      expect(await page.evaluate('document.querySelector(".bar").offsetHeight')).toBeLessThan(130);
    }
    await enlarge(16);
    await page.emulateMedia({ forcedColors: 'active' });
    const backgrounds = (state: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('.segments input${state} + span')].map((span) => getComputedStyle(span).backgroundColor)`,
      );
    const others = await backgrounds(':not(:checked)');
    for (const color of await backgrounds(':checked')) expect(others).not.toContain(color);
    await section('Done').click();
    const tick = (title: string) => page.getByRole('checkbox', { name: `Done: ${title}` }).locator('.icon');
    await tick('Over').waitFor();
    expect(await tick('Pay rent').isVisible()).toBe(false);
  });

  it('shows a reminder that is pushed while nobody looks at the page', async () => {
    await open({ serviceWorkers: 'allow' });
    await context.grantPermissions(['notifications'], { origin: api.url });
    const browserSession = await context.newCDPSession(page);
    const registrationId = new Promise<string>((resolve) => {
      browserSession.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [registration] = registrations;
        if (registration) resolve(registration.registrationId);
      });
    });
    await browserSession.send('ServiceWorker.enable');
    await page.evaluate('navigator.serviceWorker.ready');
    await page.goto('about:blank');
    const data = JSON.stringify({ id: randomUUID(), title: 'Pay rent', due_date: '2090-05-04T03:15:00.000Z' });
    await browserSession.send('ServiceWorker.deliverPushMessage', {
      ...{ origin: api.url, registrationId: await registrationId, data },
    });
    await page.goto(api.url);
    const shown = () =>
      page.evaluate<string[]>(
        'navigator.serviceWorker.ready.then((own) => own.getNotifications()).then((all) => all.map(({ title, body }) => title + ": " + body))',
      );
    await until(async () => (await shown()).length === 1);
    expect(await shown()).toEqual([expect.stringMatching(/^Pay rent: Due Thu/)]);
  });

  /** Tasks by the database: a thousand requests would take long. */
  async function fill(count: number): Promise<void> {
    const database = new Client(databaseUri);
    await database.connect();
    await database.query(
      `INSERT INTO chat.tasks (id, user_id, title, priority, status, due_date, tags, version, revision, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'Task ' || number, 'MEDIUM', 'TODO', timestamptz '2060-01-01' + number * interval '1 hour',
         ARRAY['home'], 1, 0, now(), now() FROM generate_series(1, $2) AS number`,
      [userIdOf('alice'), count],
    );
    await database.end();
  }
});

/** Whether a user sees the task, counted from the start or the end, where it is, and not something above it. */
const isOnTop = (index: number) => `(() => {
  const task = [...document.querySelectorAll('[data-task]')].at(${index});
  const { left, top, width, height } = task.getBoundingClientRect();
  return task.contains(document.elementFromPoint(left + width / 2, top + height / 2));
})()`;

/** Everything that can be touched and has less than 44 px, but for words within text. */
const tooSmall = `[...document.querySelectorAll('button, input, select, textarea')]
  .filter((element) => element.checkVisibility() && !element.matches('.title, .hidden *'))
  .map((element) => ({ element, box: element.getBoundingClientRect() }))
  .filter(({ box }) => box.width > 1 && (box.width < 43.5 || box.height < 43.5))
  .map(({ element, box }) => element.outerHTML.slice(0, 90) + ' ' + box.width + ' x ' + box.height)`;
