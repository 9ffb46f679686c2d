import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRollStep, type BrokerHealth, type BrokerPod } from '../../../../src/operator/event-cluster/roll.ts';

const pod = (index: number, state: Partial<BrokerPod> = {}): BrokerPod => ({
  index,
  ready: true,
  stuck: false,
  current: true,
  unsure: false,
  ending: false,
  ...state,
});
const outdated = (index: number, state: Partial<BrokerPod> = {}) => pod(index, { current: false, ...state });

const well: BrokerHealth = { controllerIndex: 0, unsettled: undefined, risks: new Map() };
const unsettled: BrokerHealth = { ...well, unsettled: { reason: 'UnderReplicated', message: '7 partitions lag' } };
const stuck = { ready: false, stuck: true };

/** Brokers whose pods are replaced, crash, come up and flap: a broker serves from its start to its end, ready or not. */
class ModelCluster {
  readonly pods: BrokerPod[];
  /** Whose container has come up: it may serve clients although its probe says otherwise. */
  readonly #started: boolean[];

  constructor(count: number) {
    this.pods = Array.from({ length: count }, (_, index) => outdated(index));
    this.#started = this.pods.map(() => true);
  }

  /** The probe says otherwise than before; the broker goes on. */
  flap(index: number): void {
    const { ready, ending } = this.pods[index]!;
    if (this.#started[index] && !ending) this.#set(index, { ready: !ready });
  }

  /** The container ends, and begins anew, or does so no more. */
  crash(index: number, { again }: { readonly again: boolean }): void {
    this.#started[index] = false;
    this.#set(index, { ready: false, stuck: again });
  }

  /** One step to being ready: a new pod for one that is ending, then started, then ready. */
  progress(index: number): void {
    const { ending } = this.pods[index]!;
    if (ending) this.pods[index] = pod(index, { ready: false });
    else if (this.#started[index]) this.#set(index, { ready: true });
    else this.#set(index, { stuck: false });
    this.#started[index] = !ending;
  }

  settle(): void {
    for (const { index } of this.pods) for (let step = 0; step < 3; step += 1) this.progress(index);
  }

  roll(health: BrokerHealth | undefined): void {
    const step = nextRollStep(this.pods, this.pods.length, health);
    if (step.step !== 'restart') return;
    const chosen = this.pods[step.index]!;
    const othersServing = this.pods.filter((other) => other !== chosen && this.#started[other.index]);
    expectAllowed(this.pods, this.pods.length, health, step.index);
    // Whoever served before serves still: at most this one is away, beside those that were down anyway.
    this.#started[step.index] = false;
    this.#set(step.index, { ending: true, ready: false, stuck: false });
    for (const { index } of othersServing) expect(this.#started[index]).toBe(true);
  }

  #set(index: number, state: Partial<BrokerPod>): void {
    this.pods[index] = { ...this.pods[index]!, ...state };
  }
}

/** What has to be true of every restart, in all states. */
function expectAllowed(pods: readonly BrokerPod[], brokers: number, health: BrokerHealth | undefined, index: number) {
  const chosen = pods.find((candidate) => candidate.index === index)!;
  expect(chosen).toMatchObject({ current: false, ending: false });
  const others = pods.filter((other) => other !== chosen);
  // None is on its way.
  expect(others).toHaveLength(brokers - 1);
  expect(others.filter(({ ending }) => ending)).toEqual([]);
  if (chosen.stuck && !chosen.ready) return;
  expect(chosen.ready).toBe(true);
  expect(others.filter(({ ready }) => !ready)).toEqual([]);
  expect(health).toMatchObject({ unsettled: undefined });
  expect(health?.risks.has(index)).toBe(false);
}

describe('the roll of a change', () => {
  it('is done when every pod is made from the present template', () => {
    expect(nextRollStep([pod(0), pod(1), pod(2, { ready: false })], 3, undefined)).toEqual({ step: 'done' });
  });

  it('goes from the last broker to the first', () => {
    expect(nextRollStep([outdated(0), outdated(1), outdated(2)], 3, well)).toEqual({ step: 'restart', index: 2 });
    expect(nextRollStep([outdated(0), outdated(1), pod(2)], 3, well)).toEqual({ step: 'restart', index: 1 });
  });

  it('leaves the active controller to the end', () => {
    const health = { ...well, controllerIndex: 2 };
    expect(nextRollStep([outdated(0), outdated(1), outdated(2)], 3, health)).toEqual({ step: 'restart', index: 1 });
    expect(nextRollStep([pod(0), pod(1), outdated(2)], 3, health)).toEqual({ step: 'restart', index: 2 });
  });

  it('passes over a broker that is needed, and says what its restart would cost where all are', () => {
    const all = [outdated(0), outdated(1), outdated(2)];
    const risks = new Map([[2, 'messages of kafka/tasks/0']]);
    expect(nextRollStep(all, 3, { ...well, risks })).toEqual({ step: 'restart', index: 1 });
    const message = expect.stringContaining('restarting broker 2 now would cost messages of kafka/tasks/0');
    expect(nextRollStep([pod(0), pod(1), outdated(2)], 3, { ...well, risks })).toEqual({
      step: 'wait',
      reason: 'BrokerNeeded',
      message,
    });
  });

  it('waits while a broker is away, is on its way out, or has not caught up', () => {
    const reasonOf = (pods: BrokerPod[], health?: BrokerHealth) => {
      const step = nextRollStep(pods, 3, health);
      return step.step === 'wait' ? step.reason : step.step;
    };
    expect(reasonOf([outdated(0), outdated(1)], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), pod(2, { ready: false })], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), outdated(2, { ending: true })], well)).toBe('BrokersAway');
    expect(reasonOf([outdated(0), outdated(1), pod(2)], unsettled)).toBe('UnderReplicated');
  });

  it('is not over while a broker has yet to say whether it needs a restart, and does not wait with others for that', () => {
    const unsure = pod(1, { unsure: true });
    expect(nextRollStep([pod(0), unsure, pod(2)], 3, well)).toEqual({
      step: 'wait',
      reason: 'RestartUnsure',
      message: 'Waiting to roll out a change: broker 1 started a moment ago, and may have to restart for a property.',
    });
    expect(nextRollStep([pod(0), unsure, outdated(2)], 3, well)).toEqual({ step: 'restart', index: 2 });
  });

  it('waits when the brokers cannot be asked', () => {
    expect(nextRollStep([outdated(0), pod(1), pod(2)], 3, undefined)).toMatchObject({ reason: 'BrokersUnknown' });
  });

  it('restarts a broker that can never start without asking: only the new template may help it', () => {
    const pods = [outdated(0), outdated(1, stuck), outdated(2)];
    expect(nextRollStep(pods, 3, undefined)).toEqual({ step: 'restart', index: 1 });
  });

  it('leaves a broker alone whose probe fails, even where it is the only one', () => {
    const pods = [outdated(0), outdated(1, { ready: false }), outdated(2)];
    for (const health of [undefined, well]) expect(nextRollStep(pods, 3, health)).toMatchObject({ step: 'wait' });
  });

  it.each<[string, Partial<BrokerPod> | undefined]>([
    ['away', undefined],
    ['on its way out', { ending: true }],
    ['not ready', { ready: false }],
    ['new and not ready', { current: true, ready: false }],
  ])('waits with a broker whose probe flaps while another is %s', (_, state) => {
    const others = [0, 3, 4, 5, 6].map((index) => outdated(index));
    const pods = [...others, outdated(1, { ready: false }), ...(state ? [outdated(2, state)] : [])];
    expect(nextRollStep(pods, 7, undefined)).toMatchObject({ step: 'wait', reason: 'BrokersAway' });
    expect(nextRollStep(pods, 7, well)).toMatchObject({ step: 'wait', reason: 'BrokersAway' });
  });

  it('waits even with a broker that can never start while another is on its way', () => {
    for (const others of [[outdated(2, { ending: true })], []]) {
      const pods = [outdated(0), outdated(1, stuck), ...others];
      expect(nextRollStep(pods, 3, well)).toMatchObject({ step: 'wait', reason: 'BrokersAway' });
    }
  });

  it('replaces all brokers that never came up with a template that was wrong, one after the other', () => {
    const pods = [outdated(0, stuck), pod(1, stuck), outdated(2, stuck)];
    expect(nextRollStep(pods, 3, undefined)).toEqual({ step: 'restart', index: 0 });
    const starting = pod(0, { ready: false });
    expect(nextRollStep([starting, pod(1, stuck), outdated(2, stuck)], 3, undefined)).toEqual({
      step: 'restart',
      index: 2,
    });
  });

  it('restarts only what may go, in every state of brokers and health', () => {
    const state = fc.record({
      ready: fc.boolean(),
      stuck: fc.boolean(),
      current: fc.boolean(),
      unsure: fc.boolean(),
      ending: fc.boolean(),
    });
    const health = fc.option(
      fc.record({
        controllerIndex: fc.option(fc.nat(4), { nil: undefined }),
        unsettled: fc.constantFrom(undefined, unsettled.unsettled),
        risks: fc.uniqueArray(fc.nat(4)).map((risky) => new Map(risky.map((index) => [index, 'messages']))),
      }),
      { nil: undefined },
    );
    const cluster = fc.array(fc.option(state, { nil: undefined }), { minLength: 1, maxLength: 5 });
    let restarts = 0;
    fc.assert(
      fc.property(cluster, health, (states, seen) => {
        const pods = states.flatMap((present, index) => (present ? [pod(index, present)] : []));
        const step = nextRollStep(pods, states.length, seen);
        if (pods.every(({ current }) => current)) {
          expect(step).toMatchObject({ step: pods.some(({ unsure }) => unsure) ? 'wait' : 'done' });
        }
        if (step.step !== 'restart') return;
        restarts += 1;
        expectAllowed(pods, states.length, seen, step.index);
      }),
      { numRuns: 5000 },
    );
    expect(restarts).toBeGreaterThan(100);
  });

  it('never takes a second broker away, however pods and brokers flap, and ends once they no longer do', () => {
    const chance = fc.integer({ min: 0, max: 99 });
    const turn = fc.record({ pod: fc.nat(6), flaps: chance, dies: chance, comesBack: chance, view: chance });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(turn, { maxLength: 200 }), (count, turns) => {
        const cluster = new ModelCluster(count);
        for (const { pod: which, flaps, dies, comesBack, view } of turns) {
          const index = which % count;
          if (flaps < 30) cluster.flap(index);
          if (dies < 5) cluster.crash(index, { again: dies < 2 });
          if (comesBack < 50) cluster.progress(index);
          cluster.roll(view < 20 ? undefined : { ...(view < 40 ? unsettled : well), controllerIndex: which });
        }
        cluster.settle();
        for (let pass = 0; pass < 3 * count; pass += 1) {
          cluster.roll(well);
          cluster.settle();
        }
        expect(cluster.pods.every(({ current, ready }) => current && ready)).toBe(true);
      }),
    );
  });

  it('ends, with every broker restarted once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(6), (count, controllerIndex) => {
        const pods = Array.from({ length: count }, (_, index) => outdated(index));
        const restarted: number[] = [];
        for (let passes = 0; passes <= count; passes += 1) {
          const step = nextRollStep(pods, count, { ...well, controllerIndex });
          if (step.step !== 'restart') break;
          restarted.push(step.index);
          pods[step.index] = pod(step.index);
        }
        expect(restarted.toSorted((a, b) => a - b)).toEqual(pods.map(({ index }) => index));
        if (controllerIndex < count) expect(restarted.at(-1)).toBe(controllerIndex);
      }),
    );
  });
});
