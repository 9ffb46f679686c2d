import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { heapBytes } from '../../../../src/operator/event-cluster/kafka/memory.ts';
import { sizing, whyTooSmall } from '../../../../src/operator/event-cluster/redpanda/memory.ts';

const limits = (cpu: string, memory: string) => ({ limits: { cpu, memory } });

describe("Redpanda's arithmetic", () => {
  it('is that of its chart for the default of one core and 2.5 GiB', () => {
    expect(sizing(undefined)).toEqual({ smp: 1, memory: 2048, reserveMemory: 205, overprovisioned: false });
  });

  it.each([
    ['500m', { smp: 1, overprovisioned: true }],
    ['2500m', { smp: 2, overprovisioned: false }],
  ])('makes of %s cores %o', (cpu, expected) => {
    expect(sizing(limits(cpu, '4Gi'))).toMatchObject(expected);
  });

  it('never takes more than the container has, and gives each core a gibibyte, where it does not refuse', () => {
    const [cores, mebibytes] = [fc.integer({ min: 100, max: 20_000 }), fc.integer({ min: 64, max: 100_000 })];
    fc.assert(
      fc.property(cores, mebibytes, (millicores, container) => {
        const resources = limits(`${millicores}m`, `${container}Mi`);
        const { smp, memory, reserveMemory } = sizing(resources);
        const starts = memory / smp >= 1024 && memory + reserveMemory <= container;
        expect(whyTooSmall(resources) === undefined).toBe(starts);
      }),
    );
  });

  it.each<[object, string]>([
    [limits('1', '512Mi'), 'spec.resources.limits.memory is 512Mi, but a broker on 1 core needs 1280Mi'],
    [{ requests: { memory: '1Gi' } }, 'spec.resources.requests.memory is 1Gi, but a broker on 1 core needs 1280Mi'],
    [limits('4', '4Gi'), 'spec.resources.limits.memory is 4Gi, but a broker on 4 cores needs 5120Mi'],
    [
      { limits: { cpu: '3' } },
      'spec.resources.limits.memory is not set and defaults to 2.5Gi, but a broker on 3 cores',
    ],
  ])(
    'refuses a container that is too small: %o, naming the field, its value and what is allowed',
    (resources, words) => {
      expect(whyTooSmall(resources)).toMatchObject({ reason: 'ResourcesTooSmall', failed: true });
      expect(whyTooSmall(resources)?.message).toContain(words);
    },
  );
});

describe("Kafka's heap", () => {
  it.each([
    ['768Mi', 384],
    ['8Gi', 4096],
    ['64Gi', 6144],
  ])('is of a container of %s %d MiB', (memory, heap) => {
    expect(heapBytes({ limits: { memory } })).toBe(heap * 1024 * 1024);
  });
});
