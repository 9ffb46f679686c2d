import { Partitioners } from 'kafkajs';
import type { TopicPartition } from './offsets.ts';
import type { OutgoingMessage } from './outgoing-message.ts';

/** @param places all partitions of the topic. @returns the number of the one among them */
export type ChoosePartition = (topic: string, message: OutgoingMessage, places: readonly TopicPartition[]) => number;

/** The choice of Kafka's own clients, by the key; messages without one are spread, which each choice does by itself. */
export function createChoosePartition(): ChoosePartition {
  const choose = Partitioners.DefaultPartitioner();
  return (topic, { key, value }, places) => {
    const partitionMetadata = places.map(({ partition, leader }) => ({
      ...{ partitionId: partition, leader },
      ...{ partitionErrorCode: 0, replicas: [], isr: [] },
    }));
    return choose({ topic, partitionMetadata, message: { key, value } });
  };
}
