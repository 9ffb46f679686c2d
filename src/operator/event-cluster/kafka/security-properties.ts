import type { SecurityPlan } from '../plan.ts';
import { brokerCommonName, operatorCommonName } from '../security/rotate-certificates.ts';
import { brokersSecretKeys as keys } from '../security/secrets.ts';

/** Where the Secret of the brokers is mounted. */
export const tlsFolder = '/etc/kafka-tls';

type Properties = Readonly<Record<string, string | boolean>>;

/**
 * Who may use which listener. INTERNAL and EXTERNAL are for clients. Brokers, controllers and the operator speak by
 * REPLICATION and CONTROLLER, which let in nobody without a certificate of the cluster's own authority.
 */
export function securityProperties(security: SecurityPlan | undefined, hasExternal: boolean): Properties {
  if (!security) return listeners('INTERNAL', 'PLAINTEXT', { CONTROLLER: 'PLAINTEXT' }, hasExternal);
  const protocol = `${security.authentication ? 'SASL_' : ''}${security.tls ? 'SSL' : 'PLAINTEXT'}`;
  const clientListeners = hasExternal ? ['internal', 'external'] : ['internal'];
  return {
    ...listeners('REPLICATION', protocol, { REPLICATION: 'SSL', CONTROLLER: 'SSL' }, hasExternal),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': `${tlsFolder}/${keys.internalPem}`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': `${tlsFolder}/${keys.trusted}`,
    'listener.name.replication.ssl.client.auth': 'required',
    'listener.name.controller.ssl.client.auth': 'required',
    ...Object.fromEntries(clientListeners.flatMap((name) => Object.entries(clientListener(name, security)))),
    ...(security.authentication && authorization),
  };
}

function listeners(
  interBroker: string,
  clientProtocol: string,
  others: Readonly<Record<string, string>>,
  hasExternal: boolean,
): Properties {
  const protocols = { INTERNAL: clientProtocol, ...others, ...(hasExternal && { EXTERNAL: clientProtocol }) };
  const map = Object.entries(protocols).map((entry) => entry.join(':'));
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

const authorization: Properties = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': false,
  'super.users': [brokerCommonName, operatorCommonName].map((name) => `User:CN=${name}`).join(';'),
};
