import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { boundOf, mebibyte, type Quantities } from '../../pods/quantity.ts';

interface Resources {
  readonly requests?: Quantities | undefined;
  readonly limits?: Quantities | undefined;
}

/** As in Redpanda's own chart. */
export const defaultResources = { requests: { cpu: '1', memory: '2.5Gi' }, limits: { cpu: '1', memory: '2.5Gi' } };

/** What the broker is told to take, in its own units. */
export interface Sizing {
  /** Cores: one thread each. */
  readonly smp: number;
  /** MiB for the broker's own allocator, and MiB left to everything else in the container. */
  readonly memory: number;
  readonly reserveMemory: number;
  /** Whether it shares its core with others, and must not spin. */
  readonly overprovisioned: boolean;
}

/** Redpanda's arithmetic: 80 % of the container's memory, 0.2 % and 200 MiB in reserve, a thread for each whole core. */
export function sizing(resources: Resources | undefined): Sizing {
  const cores = bound('cpu', resources);
  const mebibytes = bound('memory', resources) / mebibyte;
  return {
    smp: Math.max(1, Math.floor(cores)),
    memory: Math.floor((mebibytes * 4) / 5),
    reserveMemory: Math.floor(mebibytes * 0.002) + 200,
    overprovisioned: cores < 1,
  };
}

/** At 80 % of the container, each core has the 1 GiB without which a broker does not start. */
const mebibytesPerCore = 1280;

/** A container in which a broker would end at once, over and over. */
export function whyTooSmall(resources: Resources | undefined): Problem | undefined {
  const { smp } = sizing(resources);
  const least = smp * mebibytesPerCore;
  if (bound('memory', resources) >= least * mebibyte) return undefined;
  const cores = smp === 1 ? '1 core' : `${smp} cores`;
  const message =
    `${describeMemory(resources)}, but a broker on ${cores} needs ${least}Mi: 1 GiB per core, plus a fifth of the ` +
    `container for everything else. Set it to ${least}Mi or more (2560Mi per core is recommended)` +
    `${smp === 1 ? '.' : ', or give the broker fewer cores.'}`;
  return { reason: 'ResourcesTooSmall', message, failed: true };
}

function describeMemory(resources: Resources | undefined): string {
  const bounds = (['limits', 'requests'] as const).find((field) => resources?.[field]?.['memory'] !== undefined);
  if (bounds) return `spec.resources.${bounds}.memory is ${resources?.[bounds]?.['memory']}`;
  return `spec.resources.limits.memory is not set and defaults to ${defaultResources.limits.memory}`;
}

function bound(resource: 'cpu' | 'memory', resources: Resources | undefined): number {
  return boundOf(resource, resources ?? {}) ?? boundOf(resource, defaultResources) ?? 0;
}
