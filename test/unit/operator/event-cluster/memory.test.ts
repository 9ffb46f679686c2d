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

  it('never takes more than the container has, where it does not refuse', () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 1_000_000 }), (mebibytes) => {
        const resources = limits('1', `${mebibytes}Mi`);
        const { memory, reserveMemory } = sizing(resources);
        expect(whyTooSmall(resources) === undefined).toBe(memory + reserveMemory <= mebibytes);
      }),
    );
  });

  it('refuses a container that is too small, with the numbers and the mend', () => {
    expect(whyTooSmall(limits('1', '512Mi'))).toMatchObject({
      failed: true,
      message:
        'spec.resources leaves a broker 512 MiB of memory, but Redpanda would take 409 MiB and keep 201 MiB in ' +
        'reserve: give it at least 1Gi.',
    });
    expect(whyTooSmall(limits('1', '1Gi'))).toBeUndefined();
  });
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
