import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { GroupLook } from '../../../../../src/kafka/look-at-group.ts';
import {
  absenceMilliseconds,
  judgeGroup,
  type Absence,
  type GroupRecord,
} from '../../../../../src/operator/workloads/reminder-consumer/consumer-group.ts';

const look = (existence: GroupLook['existence'], ...clientIds: string[]): GroupLook => ({
  clusterId: 'one',
  state: clientIds.length > 0 ? 'Stable' : existence === 'absent' ? 'Dead' : 'Empty',
  existence,
  clientIds,
});
const isOwnWorker = (clientId: string) => clientId === 'ours';
const absence: Absence = { groupId: 'a', clusterId: 'one', at: 1000 };
const judge = (seen: GroupLook, given: { record?: GroupRecord; absence?: Absence; now?: number } = {}) =>
  judgeGroup({ groupId: 'a', look: seen, record: undefined, absence: undefined, now: 1000, isOwnWorker, ...given });

const ours: GroupRecord = { id: 'a', clusterId: 'one', created: true };
const others: GroupRecord = { id: 'a', clusterId: 'one', created: false };

describe('a consumer group', () => {
  it('was created by this resource if it was absent a moment ago, and only our workers are in it now', () => {
    expect(judge(look('absent'))).toEqual({ record: undefined, absence });
    expect(judge(look('bare'), { absence })).toEqual({ record: undefined, absence });
    expect(judge(look('used', 'ours', 'ours'), { absence, now: 11_000 }).record).toEqual(ours);
    expect(judge(look('used'), { record: ours }).record).toEqual(ours);
    expect(judge(look('used', 'ours'), { record: ours }).record).toEqual(ours);
  });

  it.each([
    ['it was there before', look('used', 'ours'), {}],
    ['it has offsets, and nobody is in it', look('used'), { absence }],
    ['somebody else is in it, too', look('used', 'ours', 'theirs'), { absence }],
    ['its absence was long ago', look('used', 'ours'), { absence, now: 1000 + absenceMilliseconds }],
    ['another group was absent', look('used', 'ours'), { absence: { ...absence, groupId: 'b' } }],
    ['it was absent on other brokers', look('used', 'ours'), { absence: { ...absence, clusterId: 'two' } }],
    ['others have joined it since', look('used', 'ours', 'theirs'), { record: ours }],
    ['others had joined it before', look('used', 'ours'), { record: others }],
    ['our own was on other brokers', look('used', 'ours'), { record: { ...ours, clusterId: 'two' } }],
    ['our own had another name', look('used', 'ours'), { record: { ...ours, id: 'b' } }],
  ])('is not ours if %s', (_, seen, given) => {
    expect(judge(seen, given).record).toEqual(others);
  });

  it('is forgotten when it is gone, whoever made it', () => {
    expect(judge(look('absent'), { record: ours }).record).toBeUndefined();
    expect(judge(look('absent'), { record: others }).record).toBeUndefined();
  });

  it('is never ours on brokers that have no id', () => {
    const nameless = { clusterId: undefined };
    expect(judge({ ...look('absent'), ...nameless }).absence).toBeUndefined();
    expect(judge({ ...look('used', 'ours'), ...nameless }, { absence }).record).toEqual({ id: 'a', created: false });
  });
});

const target = fc.record({ groupId: fc.constantFrom('a', 'a', 'b'), clusterId: fc.constantFrom('one', 'one', 'two') });
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('pass'),
      dies: fc.constantFrom('never', 'never', 'never', 'early', 'late'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constantFrom('workers join', 'workers leave', 'workers commit') }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom('others join', 'others leave', 'others visit', 'others visit', 'vanish', 'edit'),
      target,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('wait'), milliseconds: fc.constantFrom(100, 10_000, 40_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constantFrom('brokers go', 'brokers come', 'brokers come', 'roll away') }),
  },
);
type Step = (typeof step extends fc.Arbitrary<infer Value> ? Value : never) | { readonly does: 'delete' };
type Target = typeof target extends fc.Arbitrary<infer Value> ? Value : never;

interface Group {
  readonly maker: 'ours' | 'others';
  ours: number;
  others: number;
  offsets: boolean;
  /** Since when others are in it. */
  othersSince: number;
}

/**
 * Two clusters of brokers, the operator and everybody else, as far as groups go. Two things are left out, since no look
 * at the brokers could tell: others that come and go between two looks while our first worker starts, and others that
 * make a group of the same name anew before anybody has seen that ours has vanished.
 */
class World {
  readonly #groups = new Map<string, Group>();
  readonly deleted: Group['maker'][] = [];
  isGone = false;
  #now = 0;
  #spec: Target = { groupId: 'a', clusterId: 'one' };
  #status: GroupRecord | undefined;
  #memory: { readonly record: GroupRecord | undefined; readonly absence: Absence | undefined } | undefined;
  /** What the running workers were told. */
  #deployment: Target | undefined;
  #brokersAnswer = true;
  #isDeleted = false;

  take(taken: Step): void {
    const chosen = 'target' in taken ? taken.target : this.#deployment;
    switch (taken.does) {
      case 'pass':
        if ('dies' in taken) this.#pass(taken.dies);
        return;
      case 'wait':
        if ('milliseconds' in taken) this.#now += taken.milliseconds;
        return;
      case 'workers join':
        if (chosen) this.#made(chosen, 'ours').ours++;
        return;
      case 'workers leave':
        for (const group of this.#groups.values()) group.ours = 0;
        return;
      case 'workers commit':
        for (const group of this.#groups.values()) if (group.ours > 0) group.offsets = true;
        return;
      case 'others join':
        if (chosen) this.#othersJoin(chosen);
        return;
      case 'others leave':
        this.#othersLeave();
        return;
      case 'others visit':
        if (chosen) this.#othersJoin(chosen);
        this.#now += absenceMilliseconds;
        if (chosen) this.#othersLeave();
        return;
      case 'vanish':
        if (chosen && this.#isEmpty(chosen)) this.#groups.delete(keyOf(chosen));
        return;
      case 'edit':
        if (chosen && !this.#isDeleted) this.#spec = chosen;
        return;
      case 'roll away':
        this.#deployment = undefined;
        return;
      case 'brokers go':
      case 'brokers come':
        this.#brokersAnswer = taken.does === 'brokers come';
        return;
      case 'delete':
        this.#isDeleted = true;
    }
  }

  #pass(dies: string): void {
    if (this.#isDeleted) this.#finalize();
    else this.#reconcile(dies);
    if (dies !== 'never') this.#memory = undefined;
  }

  #reconcile(dies: string): void {
    const record = this.#judge(this.#brokersAnswer ? this.#look() : undefined);
    if (dies === 'early') return;
    if (this.#brokersAnswer || this.#deployment) this.#deployment = this.#spec;
    if (dies === 'late') return;
    this.#status = record;
  }

  #finalize(): void {
    if (!this.#brokersAnswer) return;
    const seen = this.#look();
    if (!this.#deployment && seen.clientIds.length > 0) return;
    if (!this.#judge(seen)?.created) {
      this.isGone = true;
      return;
    }
    this.#deployment = undefined;
    const group = this.#groups.get(keyOf(this.#spec));
    if (!group || group.ours + group.others > 0) return;
    this.deleted.push(group.maker);
    this.isGone = true;
  }

  #judge(seen: GroupLook | undefined): GroupRecord | undefined {
    const before = this.#memory ? this.#memory.record : this.#status;
    const record = before?.id === this.#spec.groupId ? before : undefined;
    const known = { record, absence: this.#memory?.absence };
    const isOwn = (clientId: string) => this.#deployment !== undefined && clientId === 'ours';
    const { groupId } = this.#spec;
    this.#memory = seen ? judgeGroup({ groupId, look: seen, ...known, isOwnWorker: isOwn, now: this.#now }) : known;
    return this.#memory.record;
  }

  #look(): GroupLook {
    const { clusterId } = this.#spec;
    const group = this.#groups.get(keyOf(this.#spec));
    if (!group) return { ...look('absent'), clusterId };
    const clientIds = [
      ...Array.from({ length: group.ours }, () => 'ours'),
      ...Array.from({ length: group.others }, () => 'theirs'),
    ];
    return { ...look(clientIds.length > 0 || group.offsets ? 'used' : 'bare', ...clientIds), clusterId };
  }

  #othersJoin(chosen: Target): void {
    const isOurs = [this.#status, this.#memory?.record].some(
      (record) => record?.created && record.id === chosen.groupId && record.clusterId === chosen.clusterId,
    );
    if (isOurs && !this.#groups.has(keyOf(chosen))) return;
    const group = this.#made(chosen, 'others');
    if (group.others === 0) group.othersSince = this.#now;
    group.others++;
    group.offsets = true;
  }

  #othersLeave(): void {
    for (const group of this.#groups.values())
      if (this.#now - group.othersSince >= absenceMilliseconds) group.others = 0;
  }

  #made(chosen: Target, maker: Group['maker']): Group {
    const group = this.#groups.get(keyOf(chosen)) ?? { maker, ours: 0, others: 0, offsets: false, othersSince: 0 };
    this.#groups.set(keyOf(chosen), group);
    return group;
  }

  #isEmpty(chosen: Target): boolean {
    const group = this.#groups.get(keyOf(chosen));
    return group !== undefined && group.ours + group.others === 0;
  }
}

const keyOf = ({ groupId, clusterId }: Target) => `${clusterId}/${groupId}`;

function play(steps: readonly Step[]): World {
  const world = new World();
  for (const taken of steps) if (!world.isGone) world.take(taken);
  return world;
}

describe('whatever happens', () => {
  const pass: Step = { does: 'pass', dies: 'never' };
  const life: Step[] = [pass, { does: 'workers join' }, pass, { does: 'workers commit' }];

  it('a group that this resource did not create is never deleted', () => {
    fc.assert(
      fc.property(fc.constantFrom([], life), fc.array(step, { maxLength: 25 }), (begin, steps) => {
        const end: Step[] = [{ does: 'brokers come' }, { does: 'delete' }, pass, { does: 'workers leave' }, pass];
        expect(play([...begin, ...steps, ...end]).deleted).not.toContain('others');
      }),
      { numRuns: 5000 },
    );
  });

  it('a group that it created is deleted with it, unless the operator has missed how it came into being', () => {
    const end: Step[] = [{ does: 'delete' }, pass, { does: 'workers leave' }, pass];
    expect(play([...life, ...end]).deleted).toEqual(['ours']);
    // Also if nobody has looked between the first worker and the deletion.
    expect(play([pass, { does: 'workers join' }, ...end]).deleted).toEqual(['ours']);
    const restarted: Step[] = [{ does: 'pass', dies: 'late' }, { does: 'workers join' }, pass];
    expect(play([...restarted, ...end]).deleted).toEqual([]);
  });
});
