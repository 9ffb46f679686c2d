import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BrokerSecurity } from '../../../../../src/api/event-cluster.ts';
import {
  clientPort,
  layoutOf,
  markOf,
  nextMove,
  wantedSecurity,
  type MoveProgress,
} from '../../../../../src/operator/event-cluster/security/move.ts';
import { anEventCluster } from '../../../../support/resources.ts';

const open = { tls: false, authentication: false };
const all = { tls: true, authentication: true };
const specOf = (spec: object) => anEventCluster(spec).spec;
const asked = specOf({ engine: 'Kafka', security: {} });
const off = specOf({ engine: 'Kafka', security: { tls: { enabled: false }, authentication: { enabled: false } } });
const without = (part: string) => specOf({ engine: 'Kafka', security: { [part]: { enabled: false } } });
const settled: MoveProgress = { settled: true, onOpenListener: [], kept: false };

describe('open brokers', () => {
  it.each<[string, BrokerSecurity, typeof asked, Partial<MoveProgress>, BrokerSecurity]>([
    ['stay open without a word', open, specOf({ engine: 'Kafka' }), {}, open],
    ['stay open when asked to', open, off, {}, open],
    ['stay open with Redpanda', open, specOf({ engine: 'Redpanda', security: {} }), {}, open],
    ['get closed listeners first', open, asked, { settled: false }, { ...open, move: 'AddListeners' }],
    [
      'ask nobody for anything before all have them',
      { ...open, move: 'AddListeners' },
      asked,
      { settled: false },
      { ...open, move: 'AddListeners' },
    ],
    ['stay open after all when the spec takes it back', { ...open, move: 'AddListeners' }, off, {}, open],
    [
      'are used by their closed listeners then',
      { ...open, move: 'AddListeners' },
      asked,
      {},
      { ...all, move: 'MoveClients' },
    ],
    [
      'keep the open ones for workloads that still use them',
      { ...all, move: 'MoveClients' },
      asked,
      { onOpenListener: ['Pod a/b'] },
      { ...all, move: 'MoveClients' },
    ],
    [
      'keep them for their owner',
      { ...all, move: 'MoveClients' },
      asked,
      { kept: true },
      { ...all, move: 'MoveClients' },
    ],
    ['lose them at last', { ...all, move: 'MoveClients' }, asked, {}, { ...all, move: 'RemoveListeners' }],
    ['are closed when none has any', { ...all, move: 'RemoveListeners' }, asked, {}, { ...all, move: 'Moved' }],
    ['stay as they are then', { ...all, move: 'Moved' }, off, {}, { ...all, move: 'Moved' }],
  ])('%s', (_what, made, spec, progress, expected) => {
    expect(nextMove(made, spec, { ...settled, ...progress })).toEqual(expected);
  });

  it('never have brokers that do not understand those of the step before, however often the operator looks', () => {
    const progress = fc.record({
      settled: fc.boolean(),
      onOpenListener: fc.constantFrom([], ['Pod a/b']),
      kept: fc.boolean(),
    });
    const order = [undefined, 'AddListeners', 'MoveClients', 'Moved'];
    fc.assert(
      fc.property(fc.array(progress, { maxLength: 30 }), (looks) => {
        let made: BrokerSecurity = open;
        for (const look of looks) {
          const next = nextMove(made, asked, look);
          const [before, after] = [made, next].map(({ move }) => order.indexOf(layoutOf(move)));
          expect(after! - before!).toBeGreaterThanOrEqual(0);
          expect(after! - before!).toBeLessThanOrEqual(1);
          // Nobody is sent to a listener before all brokers have it, nor left at one that goes.
          if (after! > before! && before! > 0) expect(look.settled).toBe(true);
          if (next.move === 'RemoveListeners') expect(clientPort(layoutOf(made.move))).toBe(9095);
          made = next;
        }
      }),
    );
  });

  it('move clients only when every broker has a listener for what they will use, however the spec changes', () => {
    const asks = [asked, off, ...['tls', 'authentication'].map(without)];
    const happening = fc.record({ spec: fc.constantFrom(undefined, ...asks), rolled: fc.nat({ max: 2 }) });
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        let made: BrokerSecurity = open;
        let spec = asked;
        const pods: { readonly mark?: string | undefined; readonly asksFor?: BrokerSecurity }[] = [{}, {}, {}];
        for (const happened of happenings) {
          spec = happened.spec ?? spec;
          const mark = markOf(made.move, wantedSecurity(spec));
          const next = nextMove(made, spec, { ...settled, settled: pods.every((pod) => pod.mark === mark) });
          if (made.move === 'AddListeners' && next.move === 'MoveClients') {
            const { tls, authentication } = next;
            for (const { asksFor } of pods) expect(asksFor).toEqual({ tls, authentication });
          }
          made = next;
          // A roll goes on by one broker.
          const asksFor = wantedSecurity(spec);
          pods[happened.rolled] = made.move ? { mark: markOf(made.move, asksFor), asksFor } : {};
        }
      }),
    );
  });
});
