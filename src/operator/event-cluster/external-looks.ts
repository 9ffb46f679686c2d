import type { KafkaConnection } from '../../kafka/connection.ts';
import type { KafkaErrorCode } from '../../kafka/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import { ExpectedError, toError } from '../../lib/errors.ts';
import type { Logger } from '../../lib/log.ts';
import type { Brokers } from '../brokers/brokers.ts';
import { viewBrokers, type BrokerView } from './broker-view.ts';

/** How long a look takes that finds no broker, whatever there is at the address. */
export const lookMilliseconds = 10_000;
/** Brokers that are well answer sooner; nobody else waits longer for those that are not. */
const waitMilliseconds = 500;
/** Looks whose cluster is gone are forgotten. */
const forgetMilliseconds = 60_000;

/** A look that has not ended yet, and when it will. */
export interface LookUnderWay {
  readonly endsInMilliseconds: number;
}

interface Look {
  readonly connection: string;
  readonly startedAt: number;
  /** Resolves, and sets one of these two. */
  ended: Promise<void>;
  view?: BrokerView;
  failure?: Error;
}

/** What only a broker, or a server with TLS, can cause. Its own words are left out: it may be any server. */
const specific: Partial<Record<string, string>> = {
  AuthenticationFailed: 'The brokers do not accept the username and password',
  NotAuthorized: 'The brokers do not let this user describe the cluster',
  CertificateNotTrusted: 'The certificate of the brokers is not trusted',
} satisfies Partial<Record<KafkaErrorCode, string>>;

/**
 * Looks for the brokers at addresses that users write, which may be any address that the operator can reach. Whether
 * that one refuses, is silent, or speaks something else than Kafka looks the same from outside, in words and in time:
 * the operator scans ports for nobody. Looks go on by themselves, so that a silent address keeps nobody else waiting.
 */
export class ExternalLooks {
  readonly #brokers: Brokers;
  readonly #looks = new Map<string, Look>();

  constructor(brokers: Brokers) {
    this.#brokers = brokers;
  }

  /** Begins a look for the cluster of a uid, unless one is under way, and says what came of it once it has ended. */
  async take(
    uid: string,
    connection: KafkaConnection,
    { clock, logger, signal }: { readonly clock: Clock; readonly logger: Logger; readonly signal: AbortSignal },
  ): Promise<BrokerView | LookUnderWay> {
    this.#forget(clock.monotonic());
    const look = this.#lookOf(uid, connection, clock, logger);
    await Promise.race([look.ended, clock.sleep(waitMilliseconds, signal)]);
    const endsInMilliseconds = look.startedAt + lookMilliseconds - clock.monotonic();
    if (endsInMilliseconds > 0 && !look.failure && !isTold(look.view)) return { endsInMilliseconds };
    this.#looks.delete(uid);
    if (look.failure) throw look.failure;
    return isTold(look.view) ? discreet(look.view) : nobody;
  }

  #lookOf(uid: string, connection: KafkaConnection, clock: Clock, logger: Logger): Look {
    const text = JSON.stringify(connection);
    const present = this.#looks.get(uid);
    if (present?.connection === text) return present;
    const look: Look = { connection: text, startedAt: clock.monotonic(), ended: Promise.resolve() };
    look.ended = viewBrokers(this.#brokers, connection).then(
      (view) => {
        look.view = view;
        if (!view.answered) logger.debug({ err: view.error }, 'No Kafka broker answered');
      },
      (error: unknown) => {
        look.failure = toError(error);
      },
    );
    this.#looks.set(uid, look);
    return look;
  }

  #forget(now: number): void {
    for (const [uid, { startedAt }] of this.#looks) if (now - startedAt > forgetMilliseconds) this.#looks.delete(uid);
  }
}

/** Whether a view may be told at once. */
const isTold = (view: BrokerView | undefined): view is BrokerView =>
  view !== undefined && (view.answered || view.error.code in specific);

function discreet(view: BrokerView): BrokerView {
  if (view.answered) return view;
  const { code, retryable } = view.error;
  return { answered: false, error: new ExpectedError(code, specific[code] ?? '', { retryable }) };
}

export const nobody: BrokerView = {
  answered: false,
  error: new ExpectedError<KafkaErrorCode>(
    'BrokerUnreachable',
    'No Kafka broker answered at spec.external.bootstrapServers',
    { retryable: true },
  ),
};
