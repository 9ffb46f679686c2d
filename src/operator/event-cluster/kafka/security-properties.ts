import { clientCertificatesPort, movedPorts, ports, replicationPort } from '../names.ts';
import type { SecurityPlan } from '../plan.ts';
import { brokerCommonName, operatorCommonName } from '../security/rotate-certificates.ts';
import { brokersSecretKeys as keys, clientAuthoritiesKey } from '../security/secrets.ts';

export const controllerPort = 9093;
/** Where the Secret of the brokers is mounted. */
export const tlsFolder = '/etc/kafka-tls';

type Properties = Readonly<Record<string, string | boolean>>;

/**
 * Who may use which listener. INTERNAL and EXTERNAL are for clients. Brokers, controllers and the operator speak by
 * REPLICATION and CONTROLLER, which let in nobody without a certificate of the cluster's own authority. Brokers that were
 * made open have MOVED and MOVED_CONTROLLER in the place of INTERNAL and CONTROLLER, which are open until they go.
 */
export function securityProperties(security: SecurityPlan | undefined, hasExternal: boolean): Properties {
  if (!security) return listeners('INTERNAL', 'PLAINTEXT', { CONTROLLER: 'PLAINTEXT' }, hasExternal);
  const protocol = `${security.authentication ? 'SASL_' : ''}${security.tls ? 'SSL' : 'PLAINTEXT'}`;
  const external = hasExternal ? ['external'] : [];
  switch (security.move) {
    case undefined:
      return {
        ...listeners(
          'REPLICATION',
          protocol,
          { REPLICATION: 'SSL', CONTROLLER: 'SSL', ...certificatesProtocol(security) },
          hasExternal,
        ),
        ...closed(security, ['internal', ...external], 'controller'),
        ...certificatesListener(security),
        ...(security.authentication && authorization(superUsers)),
      };
    case 'AddListeners':
    case 'MoveClients': {
      const others = { CONTROLLER: 'PLAINTEXT', REPLICATION: 'SSL', MOVED_CONTROLLER: 'SSL', MOVED: protocol };
      const interBroker = security.move === 'AddListeners' ? 'INTERNAL' : 'REPLICATION';
      return {
        ...listeners(interBroker, 'PLAINTEXT', others, hasExternal),
        ...closed(security, ['moved'], 'moved_controller'),
        // Whoever comes by an open listener may do what it could before.
        ...(security.authentication && authorization([...superUsers, 'ANONYMOUS'])),
      };
    }
    case 'Moved': {
      const map = {
        MOVED: protocol,
        REPLICATION: 'SSL',
        MOVED_CONTROLLER: 'SSL',
        ...(hasExternal && { EXTERNAL: protocol }),
        ...certificatesProtocol(security),
      };
      return {
        ...protocols('REPLICATION', map),
        ...closed(security, ['moved', ...external], 'moved_controller'),
        ...certificatesListener(security),
        ...(security.authentication && authorization(superUsers)),
      };
    }
  }
}

/** For controllers, each with its port. The first is the one to connect to; by the other come those of the step before. */
export function controllerListeners(security: SecurityPlan | undefined): Readonly<Record<string, number>> {
  const usual = { CONTROLLER: controllerPort };
  const moved = { MOVED_CONTROLLER: movedPorts.controllers };
  switch (security?.move) {
    case undefined:
      return usual;
    case 'AddListeners':
      return { ...usual, ...moved };
    case 'MoveClients':
      return { ...moved, ...usual };
    case 'Moved':
      return moved;
  }
}

/** For clients in the Kubernetes cluster, and for brokers, each with its port. */
export function brokerListeners(security: SecurityPlan | undefined): Readonly<Record<string, number>> {
  const replication = { REPLICATION: replicationPort };
  if (!security) return { INTERNAL: ports.kafka };
  const certificates = security.clientCertificates ? { CERTIFICATES: clientCertificatesPort } : {};
  if (!security.move) return { INTERNAL: ports.kafka, ...replication, ...certificates };
  const moved = { MOVED: movedPorts.clients, ...replication };
  return security.move === 'Moved' ? { ...moved, ...certificates } : { INTERNAL: ports.kafka, ...moved };
}

const closed = (security: SecurityPlan, clientListeners: readonly string[], controller: string): Properties => ({
  'ssl.keystore.type': 'PEM',
  'ssl.keystore.location': `${tlsFolder}/${keys.internalPem}`,
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': `${tlsFolder}/${keys.trusted}`,
  'listener.name.replication.ssl.client.auth': 'required',
  [`listener.name.${controller}.ssl.client.auth`]: 'required',
  ...Object.fromEntries(clientListeners.flatMap((name) => Object.entries(clientListener(name, security)))),
});

function listeners(
  interBroker: string,
  clientProtocol: string,
  others: Readonly<Record<string, string>>,
  hasExternal: boolean,
): Properties {
  return protocols(interBroker, {
    ...{ INTERNAL: clientProtocol, ...others },
    ...(hasExternal && { EXTERNAL: clientProtocol }),
  });
}

function protocols(interBroker: string, byListener: Readonly<Record<string, string>>): Properties {
  const map = Object.entries(byListener).map((entry) => entry.join(':'));
  return { 'inter.broker.listener.name': interBroker, 'listener.security.protocol.map': map.join(',') };
}

const clientListener = (name: string, { tls, authentication }: SecurityPlan): Properties => ({
  ...(tls && { [`listener.name.${name}.ssl.keystore.location`]: `${tlsFolder}/${keys.clientsPem}` }),
  ...(authentication && {
    [`listener.name.${name}.sasl.enabled.mechanisms`]: 'SCRAM-SHA-512',
    [`listener.name.${name}.scram-sha-512.sasl.jaas.config`]:
      'org.apache.kafka.common.security.scram.ScramLoginModule required;',
  }),
});

const certificatesProtocol = ({ clientCertificates }: SecurityPlan) =>
  clientCertificates ? { CERTIFICATES: 'SSL' } : {};

/**
 * It trusts an authority that is not ours, and that might sign a certificate with the name of a super user: here, these
 * names are nobody's.
 */
function certificatesListener({ clientCertificates }: SecurityPlan): Properties {
  if (!clientCertificates) return {};
  const names = [brokerCommonName, operatorCommonName].join('|');
  return {
    'listener.name.certificates.ssl.keystore.location': `${tlsFolder}/${keys.clientsPem}`,
    'listener.name.certificates.ssl.truststore.location': `${tlsFolder}/${clientAuthoritiesKey}`,
    'listener.name.certificates.ssl.client.auth': 'required',
    'listener.name.certificates.ssl.principal.mapping.rules': `RULE:^CN=(${names})$/reserved name $1/,DEFAULT`,
  };
}

const superUsers = [brokerCommonName, operatorCommonName].map((name) => `CN=${name}`);

const authorization = (users: readonly string[]): Properties => ({
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': false,
  'super.users': users.map((name) => `User:${name}`).join(';'),
});
