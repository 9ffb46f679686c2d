import { catalogue, topicOf, type TaskEvent } from './catalogue.ts';
import { cloudEventType } from './encode.ts';
import { schemaFile } from './json-schemas.ts';
import { producers, type EventType, type Producer } from './v1/envelope.ts';

const kafkaBinding = '0.5.0';
const retentionMilliseconds = 7 * 24 * 60 * 60 * 1000;

/** Who sends and who reads a topic. */
const topics: readonly { topic: string; description: string; sender: Producer; receivers: readonly Producer[] }[] = [
  {
    topic: 'task-events',
    description: 'Tasks that were created or deleted.',
    sender: 'chat-api',
    receivers: ['reminder-worker'],
  },
  { topic: 'task-updates', description: 'Changes of tasks.', sender: 'chat-api', receivers: ['reminder-worker'] },
  {
    topic: 'reminders',
    description: 'Reminders whose time has come.',
    sender: 'reminder-worker',
    receivers: ['chat-api'],
  },
];

/** The AsyncAPI 3.1 document of all topics; payloads refer to the JSON Schemas beside it. */
export function asyncApiDocument() {
  return {
    asyncapi: '3.1.0',
    info: {
      title: 'kafka-events',
      version: '1.0.0',
      description:
        'Events of tasks and their reminders. Keys are task ids, so the events of a task are in order within a topic. ' +
        'Between topics there is no order: ce_sequence, the version of the task, tells it.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map(({ topic, description }) => [topic, channel(topic, description)])),
    operations: Object.fromEntries(topics.flatMap(operations)),
    components: {
      messages: Object.fromEntries(eventNames().map(({ name, type, version }) => [name, message(type, version)])),
    },
  };
}

type Version = keyof typeof catalogue;

interface EventName {
  readonly name: string;
  readonly type: EventType;
  readonly version: Version;
}

function eventNames(): EventName[] {
  return (Object.keys(catalogue) as Version[]).flatMap((version) =>
    (Object.keys(catalogue[version]) as EventType[]).map((type) => ({ name: `${type}-${version}`, type, version })),
  );
}

const eventsOf = (topic: string) => eventNames().filter(({ type }) => topicOf[type] === topic);

function channel(topic: string, description: string) {
  return {
    address: topic,
    description,
    messages: Object.fromEntries(eventsOf(topic).map(({ name }) => [name, { $ref: `#/components/messages/${name}` }])),
    bindings: {
      kafka: {
        topic,
        partitions: 3,
        replicas: 2,
        topicConfiguration: { 'cleanup.policy': ['delete'], 'retention.ms': retentionMilliseconds },
        bindingVersion: kafkaBinding,
      },
    },
  };
}

function operations({ topic, sender, receivers }: (typeof topics)[number]) {
  const operation = (action: 'send' | 'receive', program: Producer) =>
    [
      `${program}-${action}s-${topic}`,
      { action, summary: `${program} ${verbs[action]} ${topic}.`, channel: { $ref: `#/channels/${topic}` } },
    ] as const;
  return [operation('send', sender), ...receivers.map((receiver) => operation('receive', receiver))];
}

const verbs = { send: 'sends to', receive: 'reads' };

function message(type: EventType, version: Version) {
  const { title, description } = catalogue[version][type].meta() ?? {};
  return {
    name: `${type}-${version}`,
    title,
    description,
    contentType: 'application/json',
    correlationId: { location: '$message.header#/ce_correlationid' },
    headers: cloudEventHeadersSchema(type, version),
    payload: {
      schemaFormat: 'application/schema+json;version=draft-07',
      schema: { $ref: `./${schemaFile(version, type)}` },
    },
    bindings: {
      kafka: {
        key: { type: 'string', format: 'uuid', description: 'The id of the task.' },
        bindingVersion: kafkaBinding,
      },
    },
  };
}

function cloudEventHeadersSchema(type: TaskEvent['event_type'], version: Version) {
  const properties = {
    'content-type': { type: 'string', const: 'application/json' },
    ce_specversion: { type: 'string', const: '1.0' },
    ce_id: { type: 'string', format: 'uuid', description: 'event_id' },
    ce_type: { type: 'string', const: cloudEventType(type, version) },
    ce_source: { type: 'string', enum: producers.map((producer) => `/kafka-events/${producer}`) },
    ce_time: { type: 'string', format: 'date-time', description: 'timestamp' },
    ce_subject: { type: 'string', format: 'uuid', description: 'payload.task_id' },
    ce_correlationid: { type: 'string', format: 'uuid', description: 'correlation_id' },
    ce_sequence: {
      type: 'string',
      pattern: '^\\d{20}$',
      description: 'The version of the task, from 1 on, with zeros before it.',
    },
  };
  return { type: 'object', required: Object.keys(properties), properties };
}
