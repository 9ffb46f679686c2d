import type { EventCluster } from '../../../api/event-cluster.ts';
import type { KafkaConnection } from '../../../kafka/connection.ts';
import type { Acl } from '../../../kafka/user-admin.ts';
import { securityOf } from '../../brokers/client-access.ts';
import { answerOf } from '../../brokers/answer.ts';
import { brokerTrouble } from '../../brokers/broker-errors.ts';
import type { Brokers } from '../../brokers/brokers.ts';
import { textOf, userSecrets } from '../../brokers/user-secrets.ts';
import { digest } from '../../pods/digest.ts';
import type { Caches } from '../../runtime/cache/caches.ts';
import type { Problem } from '../../runtime/reconcile/readiness.ts';
import { secretNames } from '../names.ts';
import { workloadsUser } from './secrets.ts';

/**
 * The user that the workloads of a cluster log in as. Nobody can ask brokers for a password, so each process sets it
 * once, which disturbs nobody: those who are logged in stay so.
 */
export class WorkloadUsers {
  readonly #brokers: Brokers;
  /** Fingerprints of the passwords that were set, by the uid of the cluster. */
  readonly #set = new Map<string, string>();

  constructor(brokers: Brokers) {
    this.#brokers = brokers;
  }

  /** Makes the user where brokers do not have it as it should be; why they do not, if they refuse. */
  async keep(cluster: EventCluster, connection: KafkaConnection, caches: Caches): Promise<Problem | undefined> {
    const { metadata, spec } = cluster;
    if (!securityOf(spec)?.authentication.enabled) return undefined;
    const { name } = secretNames(metadata).workloads;
    const password = textOf(caches.of(userSecrets).get({ namespace: metadata.namespace, name }), 'password');
    if (password === undefined) return undefined;
    const fingerprint = digest(metadata.uid, password);
    const { error } = await answerOf(this.#align(metadata.uid, fingerprint, connection, password));
    if (!error) return undefined;
    const message = `User ${workloadsUser}, whom workloads log in as, cannot be kept: ${brokerTrouble(error)}`;
    return { reason: String(error.code), message, failed: !error.retryable };
  }

  async #align(uid: string, fingerprint: string, connection: KafkaConnection, password: string): Promise<void> {
    const isSet = this.#set.get(uid) === fingerprint;
    if (isSet && (await this.#brokers.hasUser(connection, workloadsUser, workloadAcls))) return;
    await this.#brokers.makeUser(connection, workloadsUser, password, workloadAcls);
    this.#set.set(uid, fingerprint);
  }
}

const allow = (resourceType: Acl['resourceType'], ...operations: Acl['operation'][]): Acl[] =>
  operations.map((operation) => ({
    ...{ resourceType, resourceName: '*', patternType: 'Literal', principal: `User:${workloadsUser}`, host: '*' },
    ...{ operation, permission: 'Allow' },
  }));

/** What workloads do: messages of any topic, any consumer group, transactions. They neither make, change nor delete topics. */
export const workloadAcls: readonly Acl[] = [
  ...allow('Topic', 'Read', 'Write', 'Describe', 'DescribeConfigs'),
  ...allow('Group', 'Read', 'Describe'),
  ...allow('TransactionalId', 'Write', 'Describe'),
];
