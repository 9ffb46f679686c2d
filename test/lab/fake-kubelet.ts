import { setTimeout as delay } from 'node:timers/promises';
import { isExpected } from '../../src/lib/errors.ts';
import { pods } from '../../src/operator/kinds.ts';
import { keyOf } from '../../src/operator/runtime/objects.ts';
import type { Kubernetes } from '../support/kubernetes.ts';
import { setStatus } from '../support/set-status.ts';
import type { Random } from '../support/random.ts';

type Pod = NonNullable<(typeof pods)['objectType']>;

/** `flapping` is a broker that runs well, and whose probe fails for a moment. */
export type PodPhase = 'starting' | 'ready' | 'flapping' | 'ending';

interface PodState {
  readonly uid: string;
  phase: PodPhase;
  /** When something happens to it next. */
  nextAt: number;
  wasReady: boolean;
}

/** What the brokers of a pod are seen to be, by those who ask brokers. */
export interface BrokerState {
  readonly index: number;
  readonly isUp: boolean;
  /** When that last changed, by the monotonic clock. */
  readonly since: number;
}

const lookMilliseconds = 100;
/** What happened less than this before a deletion was asked for, whoever asked cannot have known. */
const noticeMilliseconds = 1_500;
/** Keeps a pod that is deleted there until its broker has ended, as a kubelet does by its grace period. */
const finalizer = 'lab.kafka-events.dev/kubelet';

/**
 * A fake, where there are no nodes: runs the pods that the real StatefulSet controller makes. They become ready after a
 * while, their probes flap, and when they are deleted they take some time to end.
 */
export class FakeKubelet {
  /** Pods whose deletion operators asked for. */
  restarts = 0;
  /** Of these, such as had never been ready: no broker was taken away with them. */
  restartsOfStarting = 0;
  readonly #kubernetes: Kubernetes;
  readonly #namespace: string;
  readonly #random: Random;
  readonly #pods = new Map<string, PodState>();
  /** By pod name: whether its broker is ready, and since when; also of pods that are gone. */
  readonly #readiness = new Map<string, { readonly isReady: boolean; readonly since: number }>();
  readonly #brokers = new Map<string, BrokerState>();
  #flaps = true;

  constructor(kubernetes: Kubernetes, namespace: string, random: Random) {
    this.#kubernetes = kubernetes;
    this.#namespace = namespace;
    this.#random = random;
  }

  /** Ends when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look().catch(ignoreExpected);
      await delay(lookMilliseconds);
    }
  }

  /** From here on, probes tell the truth. */
  calm(): void {
    this.#flaps = false;
  }

  brokersOf(cluster: string): BrokerState[] {
    return [...this.#brokers].filter(([pod]) => clusterOf(pod) === cluster).map(([, broker]) => broker);
  }

  /** Takes note that an operator deletes a pod; what is wrong with it, in words. */
  readonly deleted = ({ name, arrivedAt }: { readonly name: string; readonly arrivedAt: number }) => {
    this.restarts += 1;
    const others = [...this.#readiness].filter(([other]) => other !== name && clusterOf(other) === clusterOf(name));
    const away = others.filter(([, { isReady, since }]) => !isReady && since < arrivedAt - noticeMilliseconds);
    const wasUp = this.#pods.get(name)?.wasReady ?? false;
    this.#setReadiness(name, false);
    if (!wasUp) this.restartsOfStarting += 1;
    if (!wasUp || away.length === 0) return undefined;
    const ago = away.map(
      ([other, { since }]) => `${other} (${this.#phaseOf(other)} for ${round(arrivedAt - since)} ms)`,
    );
    return `${name} was deleted while ${ago.join(' and ')} was not ready`;
  };

  async #look(): Promise<void> {
    const { items } = await this.#kubernetes.client.list(pods, this.#namespace);
    this.#forgetGone(new Set(items.map(({ metadata }) => metadata.uid)));
    await Promise.all(items.map((pod) => this.#seeTo(pod).catch(ignoreExpected)));
  }

  #phaseOf(name: string): string {
    return this.#pods.get(name)?.phase ?? 'gone';
  }

  /** Pods whose end somebody else has seen to. */
  #forgetGone(present: ReadonlySet<string>): void {
    for (const [name, { uid }] of this.#pods) {
      if (present.has(uid)) continue;
      this.#pods.delete(name);
      this.#setReadiness(name, false);
      this.#setBroker(name, false);
    }
  }

  async #seeTo(pod: Pod): Promise<void> {
    const state = this.#stateOf(pod);
    if (state) await this.#advance(pod, state);
    else await this.#start(pod);
  }

  #stateOf({ metadata }: Pod): PodState | undefined {
    const state = this.#pods.get(metadata.name);
    return state?.uid === metadata.uid ? state : undefined;
  }

  async #start(pod: Pod): Promise<void> {
    const { name, uid, resourceVersion } = pod.metadata;
    if (pod.metadata.deletionTimestamp !== undefined) return;
    const finalizers = [finalizer];
    await this.#kubernetes.client.mergePatch(pods, keyOf(pod), { metadata: { uid, resourceVersion, finalizers } });
    await this.#tell(pod, false);
    this.#setReadiness(name, false);
    this.#setBroker(name, false);
    this.#pods.set(name, { uid, phase: 'starting', nextAt: this.#after(200, 3_000), wasReady: false });
  }

  async #advance(pod: Pod, state: PodState): Promise<void> {
    const { name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined && state.phase !== 'ending') {
      state.phase = 'ending';
      state.nextAt = this.#after(100, 1_500);
      this.#setReadiness(name, false);
    }
    if (performance.now() < state.nextAt) return;
    if (state.phase === 'ending') return this.#end(pod);
    if (state.phase !== 'ready') return this.#makeReady(pod, state);
    if (!this.#flaps) return;
    await this.#tell(pod, false);
    state.phase = 'flapping';
    state.nextAt = this.#after(200, 4_000);
    this.#setReadiness(name, false);
  }

  async #makeReady(pod: Pod, state: PodState): Promise<void> {
    await this.#tell(pod, true);
    state.phase = 'ready';
    state.wasReady = true;
    state.nextAt = this.#after(2_000, 40_000);
    this.#setReadiness(pod.metadata.name, true);
    this.#setBroker(pod.metadata.name, true);
  }

  async #end(pod: Pod): Promise<void> {
    const { name, uid, resourceVersion } = pod.metadata;
    this.#setBroker(name, false);
    await this.#kubernetes.client.mergePatch(pods, keyOf(pod), {
      metadata: { uid, resourceVersion, finalizers: null },
    });
    this.#pods.delete(name);
  }

  #tell(pod: Pod, ready: boolean): Promise<void> {
    const lastTransitionTime = new Date().toISOString();
    const conditions = [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime }];
    return setStatus(this.#kubernetes, pods, keyOf(pod), { phase: 'Running', conditions });
  }

  #setReadiness(pod: string, isReady: boolean): void {
    if (this.#readiness.get(pod)?.isReady === isReady) return;
    this.#readiness.set(pod, { isReady, since: performance.now() });
  }

  #setBroker(pod: string, isUp: boolean): void {
    if (this.#brokers.get(pod)?.isUp === isUp) return;
    this.#brokers.set(pod, { index: Number(/\d+$/.exec(pod)![0]), isUp, since: performance.now() });
  }

  #after(least: number, most: number): number {
    return performance.now() + this.#random.between(least, most);
  }
}

/** Somebody else has written or deleted a pod meanwhile: it is looked at again in a moment. */
function ignoreExpected(error: unknown): void {
  if (!isExpected(error)) throw error;
}

const clusterOf = (pod: string) => pod.replace(/-\d+$/, '');
const round = (milliseconds: number) => Math.round(milliseconds);
