import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { startPostgres } from '../../localcluster/parts/postgres.ts';
import { userIdOf } from '../../src/chat-api/http/user-id.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { alice, bob, MemoryPublisher, startChatApi, type RunningChatApi } from '../support/chat-api.ts';
import { ensureChromium, launchChromium } from '../support/chromium.ts';
import { startIdentityProvider } from '../support/identity-provider.ts';

/** Takes the pictures of the page for the documents, in each of its states: of the same tasks, at the same time of day. */

const folder = join(import.meta.dirname, '../../docs/images');
const timeZone = 'Europe/Berlin';
const now = new Date('2026-11-27T09:41:00+01:00');
const desk: BrowserContextOptions = { viewport: { width: 1200, height: 800 } };
const phone: BrowserContextOptions = {
  ...{ viewport: { width: 390, height: 800 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
};

const tasks: readonly Record<string, unknown>[] = [
  {
    ...{ title: 'Renew the passport', description: 'Bring the old one, two photos and the form.' },
    ...{ due_date: '2026-11-24T09:00:00+01:00', tags: ['errands'] },
  },
  { title: 'Send the invoice to Ann', due_date: '2026-11-26T16:00:00+01:00', priority: 'HIGH', tags: ['work'] },
  { title: 'Call the bank', due_date: '2026-11-27T11:30:00+01:00', tags: ['errands'] },
  {
    ...{ title: 'Review the quarterly report', description: 'The north region is on the second sheet.' },
    ...{ due_date: '2026-11-27T16:00:00+01:00', priority: 'HIGH', status: 'IN_PROGRESS', tags: ['work'] },
  },
  {
    ...{ title: 'Water the plants', due_date: '2026-11-28T08:00:00+01:00', priority: 'LOW', tags: ['home'] },
    recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,TH,SA', time_zone: timeZone },
  },
  {
    ...{ title: 'Pay rent', due_date: '2026-12-01T09:00:00+01:00', tags: ['home', 'money'] },
    recurrence: { rule: 'FREQ=MONTHLY', time_zone: timeZone },
  },
  { title: 'Book flights to Lisbon', due_date: '2027-01-26T12:00:00+01:00', tags: ['travel'] },
  { title: 'Ideas for the garden', description: 'Ask Kim about the pear tree.', priority: 'LOW' },
  { title: 'Read “The Dispossessed”' },
  { title: 'Order new glasses', status: 'DONE' },
  { title: 'Back up the photos', status: 'DONE' },
];

const missing = await ensureChromium();
if (missing) throw new Error(missing);
const postgres = await startPostgres();
const browser = await launchChromium();
const audience = 'urn:kafka-events:chat-api';
const provider = await startIdentityProvider({ redirectUris: [], audience });

/** The page with its tasks, as a user sees it who has just signed in. */
async function open(
  api: RunningChatApi,
  options: BrowserContextOptions,
  { token = alice, message = '' } = {},
): Promise<Page> {
  const context = await browser.newContext({
    ...{ locale: 'en-GB', timezoneId: timeZone, reducedMotion: 'reduce', serviceWorkers: 'block', ...options },
  });
  await context.clock.setFixedTime(now);
  const page = await context.newPage();
  await page.goto(api.url);
  await page.getByLabel('Your token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.connection').getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  if (message) await say(page, message);
  return page;
}

async function say(page: Page, message: string): Promise<void> {
  await page.getByLabel('Message').fill(message);
  await page.getByLabel('Message').press('Enter');
  await page.locator('#message:placeholder-shown').waitFor();
}

async function take(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
  console.log(name);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).first().click();

/** Each has a database of its own, so that none depends on what another one has done. */
const pictures: Readonly<Record<string, (api: RunningChatApi, ids: ReadonlyMap<string, string>) => Promise<Page>>> = {
  page: (api) => list(api, { ...desk, deviceScaleFactor: 2 }),
  'page-dark': (api) => list(api, { ...desk, colorScheme: 'dark' }),
  'page-phone': (api) => open(api, phone),
  'page-phone-dark': async (api) => {
    const page = await open(api, { ...phone, colorScheme: 'dark' });
    await say(page, 'what is due this week?');
    await page.getByRole('button', { name: 'Open the conversation' }).click();
    return page;
  },
  'page-phone-editing': async (api) => {
    const page = await open(api, phone);
    await press(page, 'Edit: Pay rent');
    return page;
  },
  'page-editing': async (api) => {
    const page = await open(api, desk);
    await press(page, 'Edit: Pay rent');
    await page.getByLabel('Repeats').fill('every 2 weeks');
    await page.getByText(/^Next:/).waitFor();
    return page;
  },
  'page-conflict': async (api, ids) => {
    const page = await open(api, desk);
    await press(page, 'Edit: Water the plants');
    await page.getByLabel('Title').fill('Water the plants and the lawn');
    await page.getByLabel('Tags').fill('#home #garden');
    await api.ask(`/v1/tasks/${ids.get('Water the plants')}`, { method: 'PATCH', body: { title: 'Water the garden' } });
    await page.getByText('This task has changed since you opened it').waitFor();
    await press(page, 'Save');
    await page.getByRole('button', { name: 'Use mine' }).scrollIntoViewIfNeeded();
    return page;
  },
  'page-notices': async (api, ids) => {
    const page = await open(api, desk);
    await press(page, 'Delete: Ideas for the garden');
    await page.getByText('Deleted "Ideas for the garden"').first().waitFor();
    await remind(api, ids, 'Call the bank', 'Review the quarterly report');
    await page.getByRole('button', { name: /^Snooze 10 minutes: Review/ }).waitFor();
    await page.evaluate('scrollTo(0, 0)');
    return page;
  },
  'page-reminders': async (api, ids) => {
    await remind(api, ids, 'Renew the passport', 'Send the invoice to Ann', 'Call the bank');
    const page = await open(api, desk);
    await press(page, 'Reminders, 3 new');
    await page.getByRole('list', { name: 'Reminders' }).waitFor();
    return page;
  },
  'page-keyboard': async (api) => {
    const page = await open(api, desk);
    await press(page, 'Keyboard');
    return page;
  },
  'page-selecting': async (api) => {
    const page = await open(api, desk);
    await press(page, 'Select tasks');
    for (const title of ['Renew the passport', 'Send the invoice to Ann', 'Call the bank']) {
      await page.getByRole('checkbox', { name: `Select: ${title}` }).click();
    }
    await page.locator('h1').click();
    return page;
  },
  'page-choices': async (api) => {
    for (const due_date of ['2026-12-01T10:00:00+01:00', '2026-12-08T10:00:00+01:00']) {
      await api.ask('/v1/tasks', { method: 'POST', body: { title: 'Talk to Kim', due_date, tags: ['work'] } });
    }
    const page = await open(api, desk, { message: 'move talk to kim to friday at 3pm' });
    await page.getByRole('log').getByRole('button').first().waitFor();
    return page;
  },
  'page-empty': (api) => open(api, desk, { token: bob }),
  'page-away': async (api) => {
    const page = await open(api, desk);
    await page.context().setOffline(true);
    await page.getByText('No connection.').waitFor();
    await page.getByRole('checkbox', { name: 'Done: Call the bank' }).click();
    await page.getByLabel('Message').fill('Buy a ticket for Friday');
    await page.getByLabel('Message').press('Enter');
    await page.getByText('Waits to be sent').nth(1).waitFor();
    return page;
  },
  'page-sign-in': async (api) => {
    const context = await browser.newContext({ viewport: { width: 640, height: 420 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.route('**/v1/sign-in', async (route) => {
      const answer = await (await route.fetch()).text();
      await route.fulfill({
        contentType: 'application/json',
        body: answer.replaceAll(provider.issuer, 'https://id.example.org'),
      });
    });
    await page.goto(api.url);
    await page.getByRole('button', { name: 'Sign in at id.example.org' }).waitFor();
    return page;
  },
};

async function list(api: RunningChatApi, options: BrowserContextOptions): Promise<Page> {
  const page = await open(api, options, { message: 'what is due this week?' });
  await page.getByLabel('Message').fill('Call Bob tomorrow at 9 #work !high');
  await page.getByText(/^New task: Call Bob/).waitFor();
  return page;
}

async function remind(api: RunningChatApi, ids: ReadonlyMap<string, string>, ...titles: string[]): Promise<void> {
  for (const title of titles) {
    const task_id = ids.get(title)!;
    const { due_date } = (await api.ask(`/v1/tasks/${task_id}`)).body as { due_date: string };
    await api.reminders.add([
      {
        ...{ event_id: randomUUID(), event_type: 'reminder-due', event_version: 'v1', timestamp: now.toISOString() },
        ...{ correlation_id: randomUUID(), producer: 'reminder-worker' },
        payload: { task_id, user_id: userIdOf('alice'), title, due_date, lead_time_seconds: 7200 },
      },
    ]);
  }
}

const [, , only = ''] = process.argv;
const signIn = { issuer: provider.issuer, audience, clientId: 'page', userClaim: 'sub', scopes: ['openid'] };

async function picture(name: string, show: (typeof pictures)[string]): Promise<void> {
  const api = await startChatApi(await postgres.createDatabase(), new MemoryPublisher(), {
    clock: { ...systemClock, now: () => now },
    ...(name === 'page-sign-in' && { signIn: { ...signIn, caFile: undefined } }),
  });
  try {
    const ids = new Map<string, string>();
    for (const body of tasks) {
      const { id } = (await api.ask('/v1/tasks', { method: 'POST', body })).body as { id: string };
      ids.set(body.title as string, id);
    }
    await take(await show(api, ids), name);
  } finally {
    // A picture that fails leaves nothing open either: the program would never end.
    for (const context of browser.contexts()) await context.close();
    await api.stop();
  }
}

try {
  for (const [name, show] of Object.entries(pictures)) if (name.startsWith(only)) await picture(name, show);
} finally {
  await browser.close();
  await provider.stop();
  await postgres.stop();
}
