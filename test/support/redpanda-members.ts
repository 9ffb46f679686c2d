import type { Place } from '../../demo/place.ts';
import { redpandaPorts } from '../../src/operator/event-cluster/redpanda/layout.ts';
import { curlTls } from '../../src/operator/event-cluster/redpanda/listeners.ts';

/** A broker of Redpanda, as its admin API lists it. */
export interface Member {
  readonly id: number;
  readonly pod: string;
  readonly isAlive: boolean;
  readonly isActive: boolean;
  readonly isInMaintenance: boolean;
}

interface Listed {
  readonly node_id: number;
  readonly internal_rpc_address: string;
  readonly is_alive: boolean;
  readonly membership_status: string;
  readonly maintenance_status: { readonly draining: boolean };
}

const ask = `curl -sf -m 5 ${curlTls} https://127.0.0.1:${redpandaPorts.admin}/v1/brokers`;

/** By the admin API in one pod, with the certificate that its scripts use. @throws {Error} when it does not answer */
export async function membersBy(pod: string, place: Place, namespace: string): Promise<Member[]> {
  const answer = await place.kubectl([
    ...['exec', `pod/${pod}`, '--namespace', namespace, '--container=redpanda', '--', 'bash', '-c', ask],
  ]);
  return (JSON.parse(answer) as Listed[]).map((one) => ({
    id: one.node_id,
    pod: one.internal_rpc_address.split('.')[0]!,
    isAlive: one.is_alive,
    isActive: one.membership_status === 'active',
    isInMaintenance: one.maintenance_status.draining,
  }));
}

/** Whether a pod runs a broker of another id, its old id is gone, and all others are as they were. */
export function isReplaced(pod: string, before: readonly Member[], now: readonly Member[]): boolean {
  const ids = new Set(before.map(({ id }) => id));
  const isSound = now.length === before.length && now.every(({ isAlive, isActive }) => isAlive && isActive);
  return isSound && now.every((member) => ids.has(member.id) === (member.pod !== pod));
}
