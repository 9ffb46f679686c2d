import webPush from 'web-push';
import { backoffMilliseconds } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Database } from '../../lib/database.ts';
import { createTarget, retryAfterMilliseconds, type TargetAnswer } from '../../lib/http-target.ts';
import type { Component } from '../../lib/lifecycle.ts';
import type { Logger } from '../../lib/log.ts';
import { Counter, type Registry } from '../../lib/metrics.ts';
import { Wakeup } from '../../lib/wakeup.ts';
import type { PushNetwork } from './push-endpoint.ts';
import {
  advance,
  claim,
  forget,
  nextReminders,
  release,
  type ClaimedSubscription,
  type NextReminder,
} from './subscriptions.ts';

/** The keys by which push services know this installation (VAPID, RFC 8292): base64url. */
export interface PushKeys {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom a push service asks when something is wrong: mailto: or https:. */
  readonly subject: string;
}

export interface PushSenderOptions {
  readonly database: Database;
  readonly keys: PushKeys;
  readonly network: PushNetwork;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** Looks for itself this often: for what another replica has left, and for what failed. */
const lookMilliseconds = 30_000;
const answerMilliseconds = 8_000;
const retry = { initial: 30_000, maximum: 30 * 60_000, factor: 2, jitter: 'full' } as const;
/** The longest that a push service may ask to wait; it can ask again. */
const longestPauseMilliseconds = 24 * 60 * 60_000;
/** A notification shows less, and a push service takes 4,096 bytes; in UTF-16. */
const longestTitle = 200;

type Outcome =
  { readonly result: 'taken' | 'gone' | 'refused' } | { readonly result: 'failed'; readonly pauseMilliseconds: number };

/**
 * Sends reminders to the browsers of their users, also while no page is open. The replicas share the work: each reminder
 * goes to each subscription once, but for a replica that dies just then.
 */
export class PushSender implements Component {
  readonly name = 'push sender';
  readonly #options: PushSenderOptions;
  readonly #wakeup: Wakeup;
  readonly #sent: Counter<'result'>;
  readonly #stopping = new AbortController();
  #running = Promise.resolve();

  constructor(options: PushSenderOptions) {
    this.#options = options;
    this.#wakeup = new Wakeup(options.clock);
    this.#sent = new Counter({
      name: 'web_push_messages_total',
      help: 'Messages to push services of browsers, by what became of them',
      labelNames: ['result'],
      registers: [options.registry],
    });
  }

  /** To be called when there are new reminders; returns at once. */
  wake(): void {
    this.#wakeup.wake();
  }

  start(): void {
    this.#running = this.#run(this.#stopping.signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    while (!signal.aborted) {
      try {
        while (!signal.aborted && (await this.#sendSome())) {} // until nothing is left
      } catch (error) {
        logger.warn({ err: error }, 'Could not send reminders to browsers; trying again');
      }
      await this.#wakeup.sleep(lookMilliseconds, { signal });
    }
  }

  /** @returns whether there was anything to send */
  async #sendSome(): Promise<boolean> {
    const { database, clock } = this.#options;
    const claimed = await claim(database, clock.now());
    await Promise.all(claimed.map((subscription) => this.#sendTo(subscription)));
    return claimed.length > 0;
  }

  async #sendTo(subscription: ClaimedSubscription): Promise<void> {
    const { database, clock, random } = this.#options;
    const { id, failures } = subscription;
    for (const next of await nextReminders(database, subscription, clock.now())) {
      const outcome = next.freshMilliseconds > 0 ? await this.#post(subscription, next) : undefined;
      if (outcome?.result === 'gone') return forget(database, id);
      if (outcome?.result === 'failed') {
        const delay = Math.max(outcome.pauseMilliseconds, backoffMilliseconds(retry, failures + 1, random));
        return release(database, id, { nextAt: new Date(clock.now().getTime() + delay), hasFailed: true });
      }
      await advance(database, id, next.number);
    }
    await release(database, id, { nextAt: clock.now(), hasFailed: false });
  }

  async #post(
    { endpoint, p256dh, auth }: ClaimedSubscription,
    { reminder, freshMilliseconds }: NextReminder,
  ): Promise<Outcome> {
    const { keys, network, clock, logger } = this.#options;
    const { id, task_id, title, due_date } = reminder;
    const message = JSON.stringify({ id, task_id, title: shortened(title), due_date });
    const { headers, body } = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, message, {
      vapidDetails: keys,
      TTL: Math.ceil(freshMilliseconds / 1000),
      urgency: 'high',
      // While the browser is off line, the push service keeps the last reminder of each task.
      topic: task_id.replaceAll('-', ''),
    });
    const url = new URL(endpoint);
    const target = createTarget({ url, rules: network.rules, timeoutMilliseconds: answerMilliseconds, clock });
    const { host } = url; // the rest of the address is a secret
    try {
      const answer = await target.post(textsOf(headers), body);
      const outcome = outcomeOf(answer, clock.now());
      const { result } = outcome;
      if (result === 'refused') logger.warn({ host, status: answer.status }, 'A push service refuses a reminder');
      this.#sent.inc({ result });
      return outcome;
    } catch (error) {
      this.#sent.inc({ result: 'failed' });
      logger.warn({ host, err: error }, 'A push service cannot be reached; trying again');
      return { result: 'failed', pauseMilliseconds: 0 };
    } finally {
      target.close();
    }
  }
}

function outcomeOf(answer: TargetAnswer, now: Date): Outcome {
  const { status } = answer;
  if (status >= 200 && status < 300) return { result: 'taken' };
  if (status === 404 || status === 410) return { result: 'gone' };
  // What it refuses, it would refuse again.
  if (status !== 429 && status < 500) return { result: 'refused' };
  const pauseMilliseconds = Math.min(longestPauseMilliseconds, retryAfterMilliseconds(answer, now));
  return { result: 'failed', pauseMilliseconds };
}

const characters = new Intl.Segmenter();

/** The title, or its beginning: whole characters, as people see them. */
function shortened(title: string): string {
  if (title.length <= longestTitle) return title;
  let text = '';
  for (const { segment } of characters.segment(title)) {
    if (text.length + segment.length > longestTitle) break;
    text += segment;
  }
  return `${text}…`;
}

function textsOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
