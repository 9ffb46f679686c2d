import { z } from 'zod';
import type { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin } from '../../brokers/redpanda-admin.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { askFor, firstAnswer, isAdminError } from './ask-brokers.ts';

type Properties = Readonly<Record<string, unknown>>;

/**
 * Sets cluster properties that are not as they should be, and leaves all others alone. Most of them take effect at once;
 * brokers that have to start anew for one say so, and are restarted as in a roll.
 *
 * @param brokers the admin APIs of brokers that are ready
 * @returns why the properties are not in effect, if they are not
 */
export async function alignClusterProperties(
  admin: RedpandaAdmin,
  brokers: readonly string[],
  wanted: Properties,
): Promise<Problem | undefined> {
  if (Object.keys(wanted).length === 0) return undefined;
  try {
    const present = await firstAnswer(brokers, (url) => askFor(admin, `${url}/v1/cluster_config`, properties));
    const upsert = differing(wanted, present);
    if (Object.keys(upsert).length === 0) return undefined;
    await firstAnswer(brokers, (url) => admin.put(`${url}/v1/cluster_config`, { upsert, remove: [] }));
    return undefined;
  } catch (error) {
    if (!isAdminError(error)) throw error;
    return problemOf(error, Object.keys(wanted));
  }
}

const properties = z.record(z.string(), z.unknown());

function differing(wanted: Properties, present: Properties): Properties {
  const entries = Object.entries(wanted).filter(([name, value]) => String(present[name]) !== String(value));
  return Object.fromEntries(entries);
}

function problemOf({ code, message }: ExpectedError, names: readonly string[]): Problem {
  const list = names.join(', ');
  if (code === 'AdminRefused') {
    const words = `The brokers rejected cluster properties (${list}): ${message}. Correct them in spec.config, or remove them.`;
    return { reason: 'ConfigRefused', message: words, failed: true };
  }
  const words = `Cluster properties (${list}) may not be in effect. The brokers' admin API cannot be used: ${message}. The operator keeps trying.`;
  return { reason: 'ConfigPending', message: words, failed: false };
}
