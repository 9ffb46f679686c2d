// Runs inside the client's pod, from standard input: node - WORK ARGUMENT..., and prints its answer as JSON.
const { Kafka, logLevel } = require('kafkajs');

const kafka = new Kafka({
  brokers: ['kafka.kafka-probe.svc.cluster.local:9092'],
  logLevel: logLevel.NOTHING,
  retry: { retries: 10 },
});

const work = {
  /** A topic of one partition whose only copy is on one broker. */
  async createTopic(topic, broker) {
    const admin = kafka.admin();
    await admin.connect();
    const replicaAssignment = [{ partition: 0, replicas: [Number(broker)] }];
    await admin.createTopics({ topics: [{ topic, replicaAssignment }], waitForLeaders: true });
    await admin.disconnect();
    return topic;
  },

  async produce(topic, ...values) {
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ value })) });
    await producer.disconnect();
    return values.length;
  },

  /** The first `count` values of the topic, read by a consumer group of its own. */
  async consume(topic, count, groupId) {
    const consumer = kafka.consumer({ groupId });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const values = await new Promise((resolve) => {
      const seen = [];
      const eachMessage = ({ message }) => {
        seen.push(message.value.toString());
        if (seen.length === Number(count)) resolve(seen);
      };
      void consumer.run({ eachMessage: async (payload) => eachMessage(payload) });
    });
    await consumer.disconnect();
    return values;
  },
};

const [name, ...args] = process.argv.slice(2);
work[name](...args).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
