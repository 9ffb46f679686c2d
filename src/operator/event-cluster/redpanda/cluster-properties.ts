import { z } from 'zod';
import { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin, RedpandaAdminErrorCode } from '../../brokers/redpanda-admin.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { brokerHost, type ClusterName } from '../names.ts';
import { redpandaPorts } from './layout.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Where a broker's admin API is. */
export const adminUrl = (cluster: ClusterName, index: number) =>
  `http://${brokerHost(cluster, index)}:${redpandaPorts.admin}`;

/**
 * Sets cluster properties that are not as they should be, and leaves all others alone. Most of them take
 * effect at once; the few that need a restart are listed by `rpk cluster config status`.
 *
 * @param brokers the admin APIs of brokers that are ready: each answers for the whole cluster, and one takes changes
 * @returns why the properties are not in effect, if they are not
 */
export async function alignClusterProperties(
  admin: RedpandaAdmin,
  brokers: readonly string[],
  wanted: Properties,
): Promise<Problem | undefined> {
  if (Object.keys(wanted).length === 0) return undefined;
  try {
    const present = await firstAnswer(brokers, async (url) =>
      parseProperties(await admin.get(`${url}/v1/cluster_config`)),
    );
    const upsert = differing(wanted, present);
    if (Object.keys(upsert).length === 0) return undefined;
    await firstAnswer(brokers, (url) => admin.put(`${url}/v1/cluster_config`, { upsert, remove: [] }));
    return undefined;
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return problemOf(error as ExpectedError, Object.keys(wanted));
  }
}

/** Of the first broker that is not away, and does not refer to another one. */
async function firstAnswer<Answer>(brokers: readonly string[], ask: (url: string) => Promise<Answer>): Promise<Answer> {
  let failure = new ExpectedError<RedpandaAdminErrorCode>('AdminUnavailable', 'no broker is ready', {
    retryable: true,
  });
  for (const url of brokers) {
    try {
      return await ask(url);
    } catch (error) {
      if (!(error instanceof ExpectedError) || !isAdminCode(error.code) || error.code === 'AdminRefused') throw error;
      failure = error as ExpectedError<RedpandaAdminErrorCode>;
    }
  }
  throw failure;
}

const adminCodes = ['AdminUnavailable', 'AdminElsewhere', 'AdminRefused'] satisfies RedpandaAdminErrorCode[];

const isAdminCode = (code: unknown) => adminCodes.some((known) => known === code);

function parseProperties(answer: unknown): Properties {
  const properties = z.record(z.string(), z.unknown()).safeParse(answer);
  if (properties.success) return properties.data;
  const message = 'its answer is no cluster configuration';
  throw new ExpectedError<RedpandaAdminErrorCode>('AdminUnavailable', message, { retryable: true });
}

function differing(wanted: Properties, present: Properties): Properties {
  const entries = Object.entries(wanted).filter(([name, value]) => String(present[name]) !== String(value));
  return Object.fromEntries(entries);
}

/** @throws what did not come of the admin API */
function problemOf(error: ExpectedError, names: readonly string[]): Problem {
  if (!isAdminCode(error.code)) throw error;
  const properties = names.join(', ');
  if (error.code === 'AdminRefused') {
    const message = `The brokers refuse spec.config (${properties}): ${error.message}. Correct these, or leave them out.`;
    return { reason: 'ConfigRefused', message, failed: true };
  }
  const message = `spec.config (${properties}) may not be in effect: of the brokers' admin API, ${error.message}. The operator keeps trying.`;
  return { reason: 'ConfigPending', message, failed: false };
}
