import { stringify } from 'yaml';
import { digest } from '../../pods/digest.ts';
import { gibibyte, parseQuantity } from '../../pods/quantity.ts';
import { brokerHost, indexes } from '../names.ts';
import type { ClusterPlan, SecurityPlan } from '../plan.ts';
import { brokerCommonName, operatorCommonName } from '../security/rotate-certificates.ts';
import { dataFolder, redpandaPorts } from './layout.ts';
import { brokerListeners, httpSections, rpkConnections } from './listeners.ts';
import { sizing } from './memory.ts';
import { propertyValue, type Property } from './property-value.ts';
import { scripts } from './scripts.ts';

/** Node configuration, the same for all brokers (what a broker advertises is added in its pod), and cluster properties. */
export function configFiles(plan: ClusterPlan): Record<string, string> {
  return {
    'redpanda.yaml': stringify(nodeConfiguration(plan, plan.brokers), { lineWidth: 0, aliasDuplicateObjects: false }),
    // Read once, when the cluster is made; what changes later goes through the admin API.
    'bootstrap.yaml': stringify(clusterProperties(plan)),
    ...scripts(plan),
  };
}

/**
 * Only what brokers read at their start. The lists of all brokers do not count: a broker that is a member no longer needs
 * them, so that a further broker does not roll the others; nor do cluster properties, which change in place.
 */
export function configHash(plan: ClusterPlan): string {
  const files = { 'redpanda.yaml': stringify(nodeConfiguration(plan, 0)), ...scripts(plan) };
  return digest(...Object.values(files));
}

/** @param brokers how many of them are listed as those to begin with */
function nodeConfiguration(plan: ClusterPlan, brokers: number): object {
  return {
    redpanda: {
      data_directory: dataFolder,
      // All start from the same list and found one cluster together; none does so alone.
      empty_seed_starts_cluster: false,
      seed_servers: indexes(brokers).map((index) => ({
        host: { address: brokerHost(plan, index), port: redpandaPorts.rpc },
      })),
      ...brokerListeners(plan),
      crash_loop_limit: 5,
    },
    ...httpSections(plan, brokers),
    rpk: {
      // A key: among the flags, rpk refuses it.
      ...(sizing(plan.spec.resources).overprovisioned && { overprovisioned: true }),
      ...rpkConnections(plan),
      additional_start_flags: startFlags(plan),
    },
  };
}

function startFlags({ spec }: ClusterPlan): string[] {
  const { smp, memory, reserveMemory } = sizing(spec.resources);
  return ['--default-log-level=info', `--memory=${memory}M`, `--reserve-memory=${reserveMemory}M`, `--smp=${smp}`];
}

/** Cluster properties: ours, and over them the user's; a null value leaves the key to the brokers. */
export function clusterProperties({ brokers, spec, claimSize, security }: ClusterPlan): Record<string, Property> {
  const volume = parseQuantity(claimSize) ?? 0;
  return {
    // A topic is declared, as an EventTopic: a name with a typing error must not become one.
    auto_create_topics_enabled: false,
    // Redpanda's own values of these two ask for a license after 30 days.
    core_balancing_continuous: false,
    partition_autobalancing_mode: 'node_add',
    ...defaultReplications(brokers),
    storage_min_free_bytes: Math.floor(Math.min(5 * gibibyte, volume * 0.05)),
    ...authorization(security),
    ...(spec.rack && { enable_rack_awareness: true }),
    ...configuredProperties(spec),
  };
}

/**
 * Cluster properties that running brokers should have: the user's, what follows from how many brokers there are, so that
 * a cluster that grew from one to three keeps three replicas, and who may do what, which volumes that were kept from an
 * earlier cluster may say otherwise.
 */
export function runningProperties({ brokers, spec, security }: ClusterPlan): Record<string, Property> {
  const isLeftToBrokers = spec.config?.['default_topic_replications'] === null;
  return {
    ...(!isLeftToBrokers && defaultReplications(brokers)),
    ...authorization(security),
    ...(spec.rack && { enable_rack_awareness: true }),
    ...configuredProperties(spec),
  };
}

const defaultReplications = (brokers: number) => ({ ...(brokers >= 3 && { default_topic_replications: 3 }) });

/** A super user is called by the whole subject of its certificate. */
function authorization(security: SecurityPlan | undefined): Record<string, Property> {
  const isEnabled = security?.authentication ?? false;
  return {
    enable_sasl: isEnabled,
    kafka_enable_authorization: isEnabled,
    ...(security && { superusers: [brokerCommonName, operatorCommonName].map((name) => `CN=${name}`) }),
  };
}

/** Those that the user wants. */
function configuredProperties({ config = {} }: ClusterPlan['spec']): Record<string, Property> {
  const set = Object.entries(config).flatMap(([name, value]) =>
    value === null ? [] : [[name, propertyValue(value)] as const],
  );
  return Object.fromEntries(set);
}
