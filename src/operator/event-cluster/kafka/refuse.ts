import { brokersOf, type EventCluster } from '../../../api/event-cluster.ts';
import { versionOf } from '../../pods/image.ts';
import { boundOf, mebibyte } from '../../pods/quantity.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { configRefused, moreReplicasThanBrokers, numberIn } from '../replication-settings.ts';
import { release } from './pod.ts';
import { propertyForms, type PropertyForm } from './property-forms.ts';

type Config = NonNullable<EventCluster['spec']['config']>;

/** What no Kafka broker could run with, or no client work with. */
export function refuse(spec: EventCluster['spec']): Problem | undefined {
  const { config, resources } = spec;
  return (
    whyTooSmall(resources) ??
    wrongValue(spec) ??
    moreReplicasThanBrokers(config, replicationProperties, brokersOf(spec)) ??
    moreInSyncThanReplicas(config, brokersOf(spec))
  );
}

/** Half of it is the heap: with less, a broker runs out of memory as it starts. */
const leastMebibytes = 256;

function whyTooSmall(resources: EventCluster['spec']['resources']): Problem | undefined {
  const memory = boundOf('memory', resources ?? {});
  if (memory === undefined || memory >= leastMebibytes * mebibyte) return undefined;
  const field = resources?.limits?.['memory'] === undefined ? 'requests' : 'limits';
  const message =
    `spec.resources.${field}.memory is ${resources?.[field]?.['memory']}, but a broker needs ${leastMebibytes}Mi: half of it is ` +
    `Java's heap. Set it to ${leastMebibytes}Mi or more (768Mi is the default).`;
  return { reason: 'ResourcesTooSmall', message, failed: true };
}

/** Of other releases, the operator cannot say. */
const knownRelease = /^v?4\.3(\.|$)/;

function wrongValue(spec: EventCluster['spec']): Problem | undefined {
  const { config = {} } = spec;
  if (!knownRelease.test(versionOf(spec, release))) return undefined;
  for (const [name, value] of Object.entries(config)) {
    const form = propertyForms.get(name);
    // What Kafka itself fetches at its start, by its config.providers.
    if (!form || value === null || String(value).includes('${') || fits(String(value).trim(), form)) continue;
    return configRefused(
      `spec.config.${name} is ${JSON.stringify(String(value))}, with which Kafka does not start. Set it to ${allowed(form)}.`,
    );
  }
  return undefined;
}

function fits(text: string, form: PropertyForm): boolean {
  switch (form.form) {
    case 'boolean':
      return /^(true|false)$/i.test(text);
    case 'integer':
      return (
        /^[+-]?[0-9]+$/.test(text) &&
        BigInt(text.replace('+', '')) >= form.least &&
        BigInt(text.replace('+', '')) <= form.most
      );
    case 'decimal':
      return /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?[df]?$/i.test(text) && isWithin(parseFloat(text), form);
    case 'words': {
      const words = form.isList ? text.split(',').map((word) => word.trim()) : [text];
      return words.every((word) => form.words.includes(form.anyCase ? word.toUpperCase() : word));
    }
  }
}

const isWithin = (value: number, { least, most }: { readonly least: number; readonly most: number }) =>
  value >= least && value <= most;

function allowed(form: PropertyForm): string {
  switch (form.form) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number from ${form.least} to ${form.most}`;
    case 'decimal':
      return `a number from ${form.least}${form.most === Infinity ? '' : ` to ${form.most}`}`;
    case 'words':
      return `${form.isList ? 'some' : 'one'} of ${form.words.join(', ')}`;
  }
}

const replicationProperties = [
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'share.coordinator.state.topic.replication.factor',
];

/** What has to be in step, and of how many: where fewer replicas are wanted than have to be in step, nothing can be written. */
const inSyncProperties: readonly (readonly [inSync: string, replicas: string])[] = [
  ['min.insync.replicas', 'default.replication.factor'],
  ['transaction.state.log.min.isr', 'transaction.state.log.replication.factor'],
  ['share.coordinator.state.topic.min.isr', 'share.coordinator.state.topic.replication.factor'],
];

function moreInSyncThanReplicas(config: Config | undefined, brokers: number): Problem | undefined {
  for (const [inSync, replicas] of inSyncProperties) {
    const wanted = numberIn(config, inSync);
    const there = numberIn(config, replicas) ?? Math.min(3, brokers);
    if (wanted === undefined || wanted <= there) continue;
    return configRefused(
      `spec.config.${inSync} is ${wanted}, but ${replicas} is ${there}: nothing could be written with acks=all. Set ` +
        `${inSync} to ${there} or less, or raise ${replicas}.`,
    );
  }
  return undefined;
}
