import type { EventCluster } from '../../api/event-cluster.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';

type Config = NonNullable<EventCluster['spec']['config']>;

/** A whole number in `config`; undefined where it is left out, or is none, which the brokers themselves refuse. */
export function numberIn(config: Config | undefined, name: string): number | undefined {
  const value = config?.[name] ?? undefined;
  return value !== undefined && /^\s*[0-9]+\s*$/.test(String(value)) ? Number(value) : undefined;
}

/** Brokers take in a factor that is above their number, and then refuse each topic that is made by it. */
export function moreReplicasThanBrokers(
  config: Config | undefined,
  names: readonly string[],
  brokers: number,
): Problem | undefined {
  const name = names.find((one) => (numberIn(config, one) ?? 0) > brokers);
  if (name === undefined) return undefined;
  const message =
    `spec.config.${name} is ${config?.[name]}, but there are ${brokers} brokers: no topic can have more replicas. Set it to ` +
    `${brokers} or less, remove it, or raise spec.brokers.`;
  return configRefused(message);
}

export const configRefused = (message: string): Problem => ({ reason: 'ConfigRefused', message, failed: true });
