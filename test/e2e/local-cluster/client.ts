// Runs inside the client's pod, from standard input: node --input-type=module-typescript - WORK ARGUMENT..., and prints
// its answer as JSON.
import { Kafka, logLevel } from 'kafkajs';

const kafka = new Kafka({
  brokers: ['kafka.kafka-probe.svc.cluster.local:9092'],
  logLevel: logLevel.NOTHING,
  retry: { retries: 10 },
});

const work: Record<string, (...args: string[]) => Promise<unknown>> = {
  /** A topic of one partition whose only copy is on one broker. */
  async createTopic(topic = '', broker = '0') {
    const admin = kafka.admin();
    await admin.connect();
    const replicaAssignment = [{ partition: 0, replicas: [Number(broker)] }];
    await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: true });
    await admin.disconnect();
  },

  async produce(topic = '', ...values) {
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
    await producer.disconnect();
  },

  /** The first `count` values of the topic, read by a consumer group of its own. */
  async consume(topic = '', count = '1', groupId = '') {
    const consumer = kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const values: string[] = [];
    await new Promise<void>((resolve) => {
      const eachMessage = ({ message }: { message: { value: Buffer | null } }): Promise<void> => {
        values.push(String(message.value));
        if (values.length === Number(count)) resolve();
        return Promise.resolve();
      };
      void consumer.run({ eachMessage });
    });
    await consumer.disconnect();
    return values;
  },
};

const [name = '', ...args] = process.argv.slice(2);
console.log(JSON.stringify((await work[name]?.(...args)) ?? null));
