import { z } from 'zod';
import type { ExpectedError } from '../../../lib/errors.ts';
import type { RedpandaAdmin } from '../../brokers/redpanda-admin.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import type { AlignedProperties } from '../engine-look.ts';
import type { SecretProperties } from '../secret-config.ts';
import { propertyValue } from './property-value.ts';
import { askFor, firstAnswer, inShape, isAdminError } from './ask-brokers.ts';

type Properties = Readonly<Record<string, unknown>>;

const noSecrets: SecretProperties = { values: {}, wereSent: true, sent: () => {} };

/**
 * Sets cluster properties that are not as they should be, and leaves all others alone. Most of them take effect at once;
 * brokers that have to start anew for one say so, and are restarted as in a roll.
 *
 * @param brokers the admin APIs of brokers that are ready
 * @returns the version of the configuration that a change made, and why properties are not in effect, if they are not
 */
export async function alignClusterProperties(
  admin: RedpandaAdmin,
  brokers: readonly string[],
  wanted: Properties,
  secrets: SecretProperties = noSecrets,
): Promise<AlignedProperties> {
  const names = [...Object.keys(wanted), ...Object.keys(secrets.values)];
  if (names.length === 0) return {};
  try {
    const present = await firstAnswer(brokers, (url) => askFor(admin, `${url}/v1/cluster_config`, properties));
    const upsert = { ...differing(wanted, present), ...differingSecrets(secrets, present) };
    const version = Object.keys(upsert).length > 0 ? await change(admin, brokers, upsert) : undefined;
    secrets.sent();
    return { version };
  } catch (error) {
    if (!isAdminError(error)) throw error;
    return { problem: problemOf({ code: error.code, message: withoutSecrets(error.message, secrets.values) }, names) };
  }
}

/** @returns the version of the configuration with the change in it */
async function change(admin: RedpandaAdmin, brokers: readonly string[], upsert: Properties): Promise<number> {
  const { config_version } = await firstAnswer(brokers, async (broker) => {
    const url = `${broker}/v1/cluster_config`;
    return inShape(url, await admin.put(url, { upsert, remove: [] }), changed);
  });
  return config_version;
}

const changed = z.object({ config_version: z.int() });

const properties = z.record(z.string(), z.unknown());

function differing(wanted: Properties, present: Properties): Properties {
  const entries = Object.entries(wanted).filter(([name, value]) => textOf(present[name]) !== textOf(value));
  return Object.fromEntries(entries);
}

const textOf = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : String(value));

/** What brokers answer in the place of a value that they keep to themselves. */
const kept = '[secret]';

function differingSecrets({ values, wereSent }: SecretProperties, present: Properties): Properties {
  const shown = Object.entries(values).filter(([name]) => present[name] !== kept || !wereSent);
  return differing(Object.fromEntries(shown.map(([name, value]) => [name, propertyValue(value)])), present);
}

/** Brokers repeat what they refuse. */
function withoutSecrets(message: string, values: SecretProperties['values']): string {
  const texts = Object.values(values).flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  return texts.filter((text) => text !== '').reduce((words, text) => words.replaceAll(text, kept), message);
}

function problemOf({ code, message }: Pick<ExpectedError, 'code' | 'message'>, names: readonly string[]): Problem {
  const list = names.join(', ');
  if (code === 'AdminRefused') {
    const words = `The brokers rejected cluster properties (${list}): ${message}. Correct them in spec.config, or remove them.`;
    return { reason: 'ConfigRefused', message: words, failed: true };
  }
  const words = `Cluster properties (${list}) may not be in effect. The brokers' admin API cannot be used: ${message}. The operator keeps trying.`;
  return { reason: 'ConfigPending', message: words, failed: false };
}
