import kafkajs, { Kafka, logLevel, type AclOperationTypes, type Admin } from 'kafkajs';
import { startKafka, type KafkaCluster, type KafkaRequest } from '../../localcluster/parts/kafka.ts';

// Node finds these only in the module as a whole.
const { AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** What makes a broker keep access lists. Brokers speak among themselves without a name. */
export const accessLists = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS;User:owner',
  'allow.everyone.if.no.acl.found': true,
};

/** The passwords of the operator and of the owner of the brokers, who may do anything. */
export const users = { operator: 'of-the-operator', owner: 'of-the-owner' };

/** A broker with TLS, passwords and access lists. */
export const startGuardedKafka = (properties: KafkaRequest['properties'] = {}): Promise<KafkaCluster> =>
  startKafka({ tls: true, users, properties: { ...accessLists, ...properties } });

/** What lets nobody do anything without an entry, but for the owner and the operator. */
export const denyByDefault = {
  'super.users': `${accessLists['super.users']};User:operator`,
  'allow.everyone.if.no.acl.found': false,
};

/** The spec of an EventCluster that reaches these brokers by the Secrets "authority" and "credentials". */
export const guardedSpec = ({ bootstrapServers }: KafkaCluster) => ({
  engine: 'External',
  external: { bootstrapServers },
  tls: { caSecretRef: { name: 'authority' } },
  authentication: { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'credentials' } },
});

/** A client of the owner of the brokers. */
export const ownersClient = (kafka: KafkaCluster, clientId = 'owner'): Kafka =>
  new Kafka({
    clientId,
    brokers: [kafka.bootstrapServers],
    logLevel: logLevel.NOTHING,
    ssl: { ca: kafka.certificateAuthority! },
    sasl: { mechanism: 'scram-sha-512', username: 'owner', password: users.owner },
  });

export interface AccessEntry {
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly user: string;
  readonly operation: AclOperationTypes;
  readonly permission: 'allow' | 'deny';
}

/** Adds one entry to the access lists. */
export async function addAccessEntry(admin: Admin, entry: AccessEntry): Promise<void> {
  const acl = {
    resourceType: entry.resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: entry.name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${entry.user}`,
    host: '*',
    operation: entry.operation,
    permissionType: entry.permission === 'allow' ? AclPermissionTypes.ALLOW : AclPermissionTypes.DENY,
  };
  await admin.createAcls({ acl: [acl] });
}
