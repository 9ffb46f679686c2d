import { z } from 'zod';
import type { RedpandaAdmin } from '../../brokers/redpanda-admin.ts';
import type { EngineLook } from '../engine-look.ts';
import { indexes } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import type { BrokerHealth, Cause } from '../roll.ts';
import { adminUrl, askFor, firstAnswer, isAdminError } from './ask-brokers.ts';
import { indexesByNodeId } from './members.ts';

/**
 * What brokers say through their admin API. It alone knows: by the Kafka protocol, Redpanda calls all replicas in sync,
 * always.
 *
 * @param ready the numbers of the brokers that are ready
 * @returns undefined when none answers
 */
export async function lookAtBrokers(
  admin: RedpandaAdmin,
  plan: ClusterPlan,
  ready: readonly number[],
): Promise<EngineLook | undefined> {
  const urls = ready.map((index) => adminUrl(plan, index));
  try {
    return await firstAnswer(urls, (url) => lookThrough(admin, plan, url));
  } catch (error) {
    if (!isAdminError(error)) throw error;
    return undefined;
  }
}

async function lookThrough(admin: RedpandaAdmin, plan: ClusterPlan, url: string): Promise<EngineLook> {
  const [pods, overview, statuses] = await Promise.all([
    indexesByNodeId(admin, url, plan, plan.brokers),
    askFor(admin, `${url}/v1/cluster/health_overview`, healthOverview),
    askFor(admin, `${url}/v1/cluster_config/status`, configStatuses),
  ]);
  const told = statuses.flatMap(({ node_id, ...status }) => {
    const index = pods.get(node_id);
    return index === undefined ? [] : [{ index, ...status }];
  });
  return {
    controllerId: overview.controller_id < 0 ? undefined : overview.controller_id,
    underReplicatedPartitions: underReplicated(overview),
    restarts: new Set(told.filter(({ restart }) => restart).map(({ index }) => index)),
    configVersions: told.map(({ config_version }) => config_version),
    health: () => health(admin, plan, overview, pods.get(overview.controller_id)),
  };
}

const healthOverview = z.object({
  controller_id: z.int(),
  // The lists are cut where they are long; releases before the counts have them alone.
  leaderless_partitions: z.array(z.string()).default([]),
  leaderless_count: z.int().optional(),
  under_replicated_partitions: z.array(z.string()).default([]),
  under_replicated_count: z.int().optional(),
});
type HealthOverview = z.infer<typeof healthOverview>;

const underReplicated = (overview: HealthOverview) =>
  overview.under_replicated_count ?? overview.under_replicated_partitions.length;

const configStatuses = z.array(z.object({ node_id: z.int(), restart: z.boolean(), config_version: z.int() }));

/** Asks every broker what its restart would cost, and whether it has recovered from its last one: an error puts it off. */
async function health(
  admin: RedpandaAdmin,
  plan: ClusterPlan,
  overview: HealthOverview,
  controllerIndex: number | undefined,
): Promise<BrokerHealth | undefined> {
  const each = indexes(plan.brokers);
  try {
    const probes = await Promise.all(each.map((index) => probe(admin, adminUrl(plan, index))));
    const risks = each.flatMap((index) => (probes[index]?.risk ? [[index, probes[index].risk] as const] : []));
    return { controllerIndex, unsettled: notReclaimed(probes), risks: new Map(risks) };
  } catch (error) {
    if (!isAdminError(error)) throw error;
    // Releases before 25.1 have no probes: there, the health of the whole cluster decides.
    return error.code === 'AdminMissing'
      ? { controllerIndex, unsettled: unhealthy(overview), risks: new Map() }
      : undefined;
  }
}

interface Probed {
  readonly reclaimedPercent: number;
  readonly risk: string | undefined;
}

async function probe(admin: RedpandaAdmin, url: string): Promise<Probed> {
  const [before, after] = await Promise.all([
    askFor(admin, `${url}/v1/broker/pre_restart_probe`, preRestartProbe),
    askFor(admin, `${url}/v1/broker/post_restart_probe`, postRestartProbe),
  ]);
  return { reclaimedPercent: after.load_reclaimed_pc, risk: describeRisk(before.risks) };
}

const partitions = z.array(z.string());

/** That a topic of one replica is away with its broker (`rf1_offline`) is what whoever made it has chosen. */
const preRestartProbe = z.object({
  risks: z.object({ acks1_data_loss: partitions, unavailable: partitions, full_acks_produce_unavailable: partitions }),
});

const postRestartProbe = z.object({ load_reclaimed_pc: z.number() });

/** The worst of them, with one partition by name. */
function describeRisk({
  acks1_data_loss,
  unavailable,
  full_acks_produce_unavailable,
}: z.infer<typeof preRestartProbe>['risks']): string | undefined {
  const [lost] = acks1_data_loss;
  if (lost !== undefined) return `messages of ${lost}`;
  const [away] = [...unavailable, ...full_acks_produce_unavailable];
  return away === undefined ? undefined : `the availability of ${away}`;
}

function notReclaimed(probes: readonly Probed[]): Cause | undefined {
  const index = probes.findIndex(({ reclaimedPercent }) => reclaimedPercent < 100);
  if (index < 0) return undefined;
  const message = `broker ${index} has recovered ${probes[index]!.reclaimedPercent} % of its load since its last start`;
  return { reason: 'LoadNotReclaimed', message };
}

function unhealthy(overview: HealthOverview): Cause | undefined {
  const leaderless = overview.leaderless_count ?? overview.leaderless_partitions.length;
  const count = underReplicated(overview) + leaderless;
  if (count === 0) return undefined;
  return { reason: 'UnderReplicated', message: `${count} partitions have no leader, or replicas that are not in sync` };
}
