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
    memory: Math.floor(mebibytes * 0.8),
    reserveMemory: Math.floor(mebibytes * 0.002) + 200,
    overprovisioned: cores < 1,
  };
}

/** Redpanda itself refuses to start in a container that cannot hold what it is told to take. */
export function whyTooSmall(resources: Resources | undefined): Problem | undefined {
  const { memory, reserveMemory } = sizing(resources);
  const total = Math.floor(bound('memory', resources) / mebibyte);
  if (memory + reserveMemory <= total) return undefined;
  const message =
    `spec.resources leaves a broker ${total} MiB of memory, but Redpanda would take ${memory} MiB and keep ` +
    `${reserveMemory} MiB in reserve: give it at least 1Gi.`;
  return { reason: 'ResourcesTooSmall', message, failed: true };
}

function bound(resource: 'cpu' | 'memory', resources: Resources | undefined): number {
  return boundOf(resource, resources ?? {}) ?? boundOf(resource, defaultResources) ?? 0;
}
