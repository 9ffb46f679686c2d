import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { userIdOf } from '../../../src/chat-api/http/user-id.ts';
import { startPostgres, type Postgres } from '../../../localcluster/parts/postgres.ts';
import { alice, MemoryPublisher, startChatApi, type RunningChatApi } from '../../support/chat-api.ts';
import { ensureChromium, launchChromium } from '../../support/chromium.ts';
import { until } from '../../support/until.ts';

const missing = await ensureChromium();
if (missing) console.warn(`The tests of the page are skipped. ${missing}`);
const withChromium = missing ? describe.skip : describe;

withChromium('the page', () => {
  let postgres: Postgres;
  let api: RunningChatApi;
  let browser: Browser;
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
    api = await startChatApi(await postgres.createDatabase(), new MemoryPublisher());
    page = await browser.newPage({ timezoneId: 'Asia/Kathmandu' });
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.setDefaultTimeout(15_000);
    await page.goto(api.url);
  });
  afterEach(async () => {
    await page?.close();
    await api?.stop();
  });

  async function signIn(token = alice): Promise<void> {
    await page.getByLabel('Your token').fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async function say(message: string): Promise<void> {
    await page.getByLabel('Message').fill(message);
    await page.keyboard.press('Enter');
  }

  const state = (text: string) => page.getByRole('status').getByText(text, { exact: true }).waitFor();
  const tasks = () => page.getByRole('list', { name: 'Tasks' }).getByRole('listitem');
  const answer = (text: string | RegExp) => page.getByRole('log').getByText(text).last().waitFor();

  it('takes a task by chat and shows it at once, in the zone of the browser', async () => {
    await signIn();
    await state('Live');
    await say('Pay <b>rent</b> on 2090-05-04 at 9:00 #home !high');
    await answer(/^Answer: Created "Pay <b>rent<\/b>"/);
    const task = tasks().filter({ hasText: 'Pay <b>rent</b>' });
    await task.getByText('high', { exact: true }).waitFor();
    expect(await task.locator('time').getAttribute('datetime')).toBe('2090-05-04T03:15:00.000Z');
    expect(await task.locator('time').textContent()).toContain('09:00');
    expect(complaints).toEqual([]);
  });

  it('completes, edits and deletes tasks with the keyboard', async () => {
    await api.ask('/v1/tasks', { method: 'POST', body: { title: 'Call Bob', due_date: '2090-05-04T03:15:00.123Z' } });
    await signIn();
    const task = tasks().filter({ hasText: 'Call Bob' });
    await task.getByRole('button', { name: 'Edit: Call Bob' }).press('Enter');
    await page.getByLabel('Title').fill('Call Ann');
    await page.getByLabel('Tags').fill('#phone');
    await page.keyboard.press('Enter');
    await tasks().filter({ hasText: 'Call Ann' }).getByText('#phone').waitFor();
    const { body } = await api.ask('/v1/tasks');
    // The form shows no milliseconds, and does not take them away either.
    expect(body.items).toMatchObject([{ title: 'Call Ann', tags: ['phone'], due_date: '2090-05-04T03:15:00.123Z' }]);
    await page.getByRole('checkbox', { name: 'Done: Call Ann' }).press('Space');
    await page.getByText('Nothing to do').waitFor();
    await page.getByLabel('Show done').check();
    await page.getByRole('button', { name: 'Delete: Call Ann' }).press('Enter');
    await until(async () => (await tasks().count()) === 0);
    expect(complaints).toEqual([]);
  });

  it('lets the user choose when several tasks could be meant', async () => {
    for (const title of ['Send invoice to Ann', 'Send invoice to Ben']) {
      await api.ask('/v1/tasks', { method: 'POST', body: { title } });
    }
    await signIn();
    await state('Live');
    await say('delete send invoice');
    await page.getByRole('log').getByRole('button', { name: 'Send invoice to Ben' }).click();
    await answer('Deleted "Send invoice to Ben"');
    await until(async () => (await tasks().count()) === 1);
  });

  it('shows reminders as they fire, as a notice and in a list', async () => {
    await signIn();
    await state('Live');
    await api.reminders.add([
      {
        event_id: randomUUID(),
        event_type: 'reminder-due',
        event_version: 'v1',
        timestamp: new Date().toISOString(),
        correlation_id: randomUUID(),
        producer: 'reminder-worker',
        payload: {
          task_id: randomUUID(),
          user_id: userIdOf('alice'),
          title: 'Pay rent',
          due_date: new Date().toISOString(),
          lead_time_seconds: 0,
        },
      },
    ]);
    await page.getByRole('region', { name: 'Notices' }).getByText('Due now: Pay rent').waitFor();
    await page.getByRole('list', { name: 'Reminders' }).getByText('Pay rent').waitFor();
  });

  it('connects again when the connection was lost, and misses nothing', async () => {
    await signIn();
    await state('Live');
    await page.context().setOffline(true);
    await state('Connection lost, trying again');
    await api.ask('/v1/tasks', { method: 'POST', body: { title: 'Made meanwhile' } });
    await page.context().setOffline(false);
    await tasks().filter({ hasText: 'Made meanwhile' }).waitFor();
  });

  it('keeps the token for the tab only, asks again for a wrong one, and forgets it on request', async () => {
    await signIn('wrong');
    await page.getByText('This token is not known').waitFor();
    await signIn();
    await state('Live');
    await page.reload();
    await state('Live');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Your token').waitFor();
    expect(await page.evaluate('[sessionStorage.length, localStorage.length, document.cookie]')).toEqual([0, 0, '']);
  });
});
