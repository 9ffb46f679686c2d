import type { Clock } from '../../../lib/clock.ts';
import { ExpectedError, toError } from '../../../lib/errors.ts';
import type { Logger } from '../../../lib/log.ts';
import { OutageLog } from '../../../lib/outage-log.ts';
import { leases } from '../object-kind.ts';
import type { KubernetesClient } from '../transport/kubernetes-client.ts';
import { hasCode } from '../transport/kubernetes-error.ts';

export interface LeaderElectionOptions {
  readonly client: KubernetesClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The Lease that the processes compete for. */
  readonly namespace: string;
  readonly name: string;
  /** Identity of this process; it must be unique. */
  readonly identity: string;
  readonly timing?: LeaderElectionTiming;
  /** Milliseconds of a monotonic clock. */
  readonly monotonic?: () => number;
}

/** All in milliseconds; the defaults are those of Kubernetes' own programs. */
export interface LeaderElectionTiming {
  /** How long others wait after the last renewal they saw. */
  readonly lease: number;
  /** A leader that could not renew for this long stops acting, well before the others stop waiting. */
  readonly renewDeadline: number;
  readonly retry: number;
}

const defaultTiming: LeaderElectionTiming = { lease: 15_000, renewDeadline: 10_000, retry: 2_000 };

type Lease = NonNullable<(typeof leases)['objectType']>;

/** What we saw of the lease, and when by our own clock: clocks of two machines are never compared. */
interface Observation {
  readonly resourceVersion: string;
  readonly since: number;
  readonly holder: string | undefined;
}

/**
 * One leader at a time, by a Lease that it renews and gives back when it stops. A process that was paused knows nothing
 * of the time until it asks, so it asks before each write (`assertLeading`): what remains is a pause in the microseconds
 * between the question and the packet.
 */
export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  readonly #timing: LeaderElectionTiming;
  readonly #now: () => number;
  #observed: Observation | undefined;
  readonly #outage: OutageLog;
  #lease: Lease | undefined;
  /** The leader that was last reported. */
  #standingBehind: string | undefined;
  /** Until when nobody else can have become the leader. */
  #leadsUntil = -Infinity;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#timing = options.timing ?? defaultTiming;
    this.#now = options.monotonic ?? (() => performance.now());
    this.#outage = new OutageLog({
      ...options,
      begun: 'Could not get or renew the lease',
      ended: 'The lease can be renewed again',
    });
  }

  /** @throws {ExpectedError} LeadershipLost, unless we lead at this moment */
  assertLeading(): void {
    if (this.#leads) return;
    throw new ExpectedError('LeadershipLost', `${this.#options.identity} could not renew its lease in time`);
  }

  /** Resolves to true once we lead; false when the signal aborts before. */
  async acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      const askedAt = this.#now();
      if (await this.#attempt()) this.#leadsUntil = askedAt + this.#timing.renewDeadline;
      if (this.#leads) return true;
      this.#standBehind(this.#observed?.holder);
      await this.#options.clock.sleep(this.#timing.retry, signal);
    }
    return false;
  }

  /**
   * Keeps the lease until the signal aborts.
   *
   * @throws {ExpectedError} LeadershipLost: all work must stop at once
   */
  async hold(signal: AbortSignal): Promise<void> {
    try {
      await this.#keep(signal);
    } catch (error) {
      const { logger, identity } = this.#options;
      logger.error({ identity, holder: this.#observed?.holder }, 'Lost the lease');
      throw error;
    }
  }

  /** @throws {ExpectedError} LeadershipLost */
  async #keep(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.clock.sleep(this.#timing.retry, signal);
      if (signal.aborted) return;
      this.assertLeading();
      // By the time it was asked for, as that is the earliest that others can have seen it.
      const askedAt = this.#now();
      if (await this.#attemptInTime()) this.#leadsUntil = askedAt + this.#timing.renewDeadline;
      this.assertLeading();
    }
  }

  /** Releases the lease, so that the next leader need not wait until it expires. */
  async release(): Promise<void> {
    const { client, logger, identity } = this.#options;
    this.#leadsUntil = -Infinity;
    if (this.#lease?.spec?.holderIdentity !== identity) return;
    const spec = { ...this.#lease.spec, holderIdentity: '', leaseDurationSeconds: 1 };
    try {
      await client.replace(leases, { ...this.#lease, spec });
      logger.info({ identity }, 'Gave the lease back');
    } catch (error) {
      logger.warn({ err: toError(error) }, 'Could not give the lease back');
    }
  }

  get #leads(): boolean {
    return this.#now() < this.#leadsUntil;
  }

  /** A request that hangs must not keep us from seeing that the deadline has passed. */
  async #attemptInTime(): Promise<boolean> {
    const answered = new AbortController();
    const late = this.#options.clock.sleep(this.#leadsUntil - this.#now(), answered.signal).then(() => false);
    const renewed = await Promise.race([this.#attempt(), late]);
    answered.abort();
    return renewed;
  }

  /** Whether we have the lease now. Every write is bound to the version that was read, so only one can win. */
  async #attempt(): Promise<boolean> {
    const { client, namespace, name, logger } = this.#options;
    try {
      const lease = await client.get(leases, { namespace, name });
      if (!lease) {
        this.#lease = await client.create(leases, {
          metadata: { namespace, name },
          spec: this.#spec(undefined),
        } as object);
        this.#outage.ended();
        return true;
      }
      this.#observe(lease);
      if (this.#isHeldByAnother(lease)) {
        // Ours no more, if it ever was: somebody has deleted or edited it.
        this.#leadsUntil = -Infinity;
        this.#outage.ended();
        return false;
      }
      this.#lease = await client.replace(leases, { ...lease, spec: this.#spec(lease) });
      this.#observe(this.#lease);
      this.#outage.ended();
      return true;
    } catch (error) {
      // Of several that compete for a lease at the same time, one wins.
      if (hasCode(error, 'Conflict') || hasCode(error, 'AlreadyExists')) {
        logger.debug({ err: toError(error) }, 'Another process wrote the lease first');
      } else this.#outage.failed(error);
      return false;
    }
  }

  #observe({ metadata: { resourceVersion }, spec }: Lease): void {
    if (this.#observed?.resourceVersion === resourceVersion) return;
    this.#observed = { resourceVersion, since: this.#now(), holder: spec?.holderIdentity };
  }

  #standBehind(holder: string | undefined): void {
    const { logger, identity } = this.#options;
    if (!holder || holder === identity || holder === this.#standingBehind) return;
    this.#standingBehind = holder;
    logger.info({ identity, holder }, 'Standing by');
  }

  #isHeldByAnother({ spec }: Lease): boolean {
    if (!spec?.holderIdentity || spec.holderIdentity === this.#options.identity) return false;
    const leaseMilliseconds = (spec.leaseDurationSeconds ?? 0) * 1000;
    return this.#now() - this.#observed!.since < leaseMilliseconds;
  }

  #spec(previous: Lease | undefined): NonNullable<Lease['spec']> {
    const { identity } = this.#options;
    // The client library types these times as Date, and on the wire they are text.
    const now = this.#options.clock.now().toISOString().replace('Z', '000Z') as unknown as Date;
    const ours = previous?.spec?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(this.#timing.lease / 1000),
      acquireTime: ours ? (previous.spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (previous?.spec?.leaseTransitions ?? 0) + (previous && !ours ? 1 : 0),
    };
  }
}
