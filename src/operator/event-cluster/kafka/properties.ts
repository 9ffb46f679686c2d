import { mebibyte } from '../../pods/quantity.ts';
import { brokerHost, externalHost, indexes, ports } from '../names.ts';
import type { ClusterPlan } from '../plan.ts';
import { heapBytes } from './memory.ts';
import { brokerListeners, controllerListeners, securityProperties } from './security-properties.ts';

export const dataFolder = '/var/lib/kafka';
/** A file for each property whose value is in a Secret. */
export const secretsFolder = '/etc/kafka-secrets';

type Properties = Readonly<Record<string, string | number | bigint | boolean>>;

/** server.properties of one broker: what all brokers share, and what is its own. */
export function serverProperties(plan: ClusterPlan, index: number): string {
  return render({ ...sharedProperties(plan), ...ownProperties(plan, index) });
}

/** What all brokers share, as text: when it changes, they are rolled. A further broker changes nothing for the others. */
export function sharedText(plan: ClusterPlan): string {
  return render(sharedProperties(plan));
}

function sharedProperties(plan: ClusterPlan): Properties {
  return { ...defaults(plan), ...configured(plan), ...fromSecrets(plan), ...fixed(plan) };
}

/** What users may change under `config`. */
function defaults(plan: ClusterPlan): Properties {
  const replicas = Math.min(3, plan.brokers);
  const inSync = Math.max(1, replicas - 1);
  return {
    // A topic is declared, as an EventTopic: a name with a typing error must not become one.
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    // With two replicas, two in step would mean that no broker may ever be away; EventTopics can ask for more.
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    // Kafka's default of 128 MiB, taken at the start, is too much for a small heap.
    'log.cleaner.dedupe.buffer.size': Math.min(128 * mebibyte, Math.floor(heapBytes(plan.spec.resources) / 8)),
  };
}

/** A null value leaves the key to the broker: it is not written at all. */
function configured({ spec }: ClusterPlan): Properties {
  const entries = Object.entries(spec.config ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, string | number | bigint] => entry[1] !== null));
}

/** Kafka reads the values from files, so that none of them is in the ConfigMap. */
function fromSecrets({ secretConfig }: ClusterPlan): Properties {
  if (!secretConfig) return {};
  const names = Object.keys(secretConfig.values);
  return {
    'config.providers': 'secrets',
    'config.providers.secrets.class': 'org.apache.kafka.common.config.provider.DirectoryConfigProvider',
    'config.providers.secrets.param.allowed.paths': secretsFolder,
    ...Object.fromEntries(names.map((name) => [name, `\${secrets:${secretsFolder}:${name}}`])),
  };
}

/** What the cluster hangs together by: it wins over `config`. */
function fixed(plan: ClusterPlan): Properties {
  const controllers = controllerListeners(plan.security);
  const [port] = Object.values(controllers);
  const voters = indexes(plan.controllers).map((index) => `${index}@${brokerHost(plan, index)}:${port}`);
  return {
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': Object.keys(controllers).join(','),
    ...securityProperties(plan.security, plan.spec.externalAccess !== undefined),
    // A folder below the volume's root, where a file system may keep a lost+found, which Kafka takes for a broken topic.
    'log.dirs': `${dataFolder}/data`,
  };
}

function ownProperties(plan: ClusterPlan, index: number): Properties {
  const controller = index < plan.controllers;
  const { externalAccess } = plan.spec;
  const own = Object.entries(brokerListeners(plan.security));
  const controllers = controller ? Object.entries(controllerListeners(plan.security)) : [];
  const external = externalAccess
    ? [`EXTERNAL://${externalHost(externalAccess.host, index)}:${externalAccess.firstPort + index}`]
    : [];
  return {
    'node.id': index,
    'process.roles': controller ? 'broker,controller' : 'broker',
    listeners: [
      ...own.map(([name, port]) => `${name}://:${port}`),
      ...(externalAccess ? [`EXTERNAL://:${ports.external}`] : []),
      ...controllers.map(([name, port]) => `${name}://:${port}`),
    ].join(','),
    'advertised.listeners': [
      ...own.map(([name, port]) => `${name}://${brokerHost(plan, index)}:${port}`),
      ...external,
    ].join(','),
  };
}

/** In the format of java.util.Properties, which reads back exactly what is given here. */
export function render(properties: Properties): string {
  return Object.entries(properties)
    .map(([name, value]) => `${escape(name, /[\\:= #!]/g)}=${escape(String(value), /\\|^ /g)}\n`)
    .join('');
}

/** A backslash escapes; of all else that is not plain ASCII, Java reads the code, whatever the file's encoding. */
function escape(text: string, special: RegExp): string {
  return text
    .replace(special, '\\$&')
    .replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
