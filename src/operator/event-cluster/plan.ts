import type { V1PersistentVolumeClaim, V1StatefulSet } from '@kubernetes/client-node';
import type { EventCluster } from '../../api/event-cluster.ts';
import type { Observed } from '../runtime/objects.ts';
import type { ClusterName } from './names.ts';
import type { SecretConfig } from './secret-config.ts';
import type { MoveLayout } from './security/move.ts';

/** Engines that the operator runs brokers of. */
export type RunEngine = Exclude<EventCluster['spec']['engine'], 'External'>;

/** What manifests are built from: the spec, with what the cluster's own past decides. */
export interface ClusterPlan extends ClusterName {
  readonly spec: EventCluster['spec'];
  /** Brokers to run now: more than the spec says until those that leave are empty. */
  readonly brokers: number;
  /** Nodes 0 to this - 1 vote on metadata (engine Kafka). */
  readonly controllers: number;
  /** Whether empty brokers are being removed, and their volumes with them. */
  readonly shrinks: boolean;
  /** Size of the volumes when they were first asked for: a StatefulSet never changes its claims. */
  readonly claimSize: string;
  /** Undefined where brokers use plain text and let everybody in. */
  readonly security: SecurityPlan | undefined;
  /** Properties whose values are in Secrets. */
  readonly secretConfig?: SecretConfig | undefined;
}

/** How brokers are closed to strangers. Among themselves they use mutual TLS in any case. */
export interface SecurityPlan {
  /** Whether clients must use TLS. */
  readonly tls: boolean;
  /** Whether clients must log in, and may do what an ACL allows them. */
  readonly authentication: boolean;
  /** Whether clients may also prove by a certificate who they are (engine Kafka). */
  readonly clientCertificates?: boolean | undefined;
  /** Of brokers that were made open: which listeners they have. What clients need is what the closed ones ask for. */
  readonly move?: MoveLayout | undefined;
  /** Changes with the certificates: brokers read them at their start. */
  readonly certificatesHash: string;
}

/**
 * On the volume claims: how many nodes vote on metadata (engine Kafka). It is a fact about the data, so it is kept with
 * the data, and survives the EventCluster as the volumes do.
 */
export const controllersAnnotation = 'kafka-events.dev/controllers';

/** What there is of the cluster already. */
export interface Existing {
  readonly statefulSet: Observed<V1StatefulSet> | undefined;
  /** The volume claim of broker 0, which may have been kept from an earlier cluster of this name. */
  readonly firstClaim: Observed<V1PersistentVolumeClaim> | undefined;
}

export function planCluster(
  cluster: EventCluster,
  brokers: number,
  existing: Existing,
  security?: SecurityPlan,
  shrinks = false,
  secretConfig?: SecretConfig,
): ClusterPlan {
  const { name, namespace } = cluster.metadata;
  const claimTemplate = existing.statefulSet?.spec?.volumeClaimTemplates?.[0];
  return {
    name,
    namespace,
    spec: cluster.spec,
    brokers,
    controllers: votersOf(existing) ?? (brokers >= 3 ? 3 : 1),
    shrinks,
    claimSize: claimTemplate?.spec?.resources?.requests?.['storage'] ?? cluster.spec.storage.size,
    security,
    secretConfig,
  };
}

/** How many nodes vote on metadata, where that was chosen before. */
export function votersOf({ statefulSet, firstClaim }: Existing): number | undefined {
  return controllersOf(statefulSet?.spec?.volumeClaimTemplates?.[0]) ?? controllersOf(firstClaim);
}

/**
 * The voters are chosen once. Were they three where one was before, the two new ones, empty, could elect one of
 * themselves, and everything the first one knows would be overruled.
 */
export function controllersOf(
  claim: Pick<V1PersistentVolumeClaim, 'metadata'> | Existing['firstClaim'],
): number | undefined {
  const noted = Number(claim?.metadata?.annotations?.[controllersAnnotation]);
  return Number.isInteger(noted) && noted > 0 ? noted : undefined;
}
