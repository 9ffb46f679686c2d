import { corednsImage } from './coredns/image.ts';
import { kafkaEventsImage } from './kafka-events/image.ts';
import { kafkaImage } from './kafka/image.ts';
import { pauseImage } from './pause/image.ts';
import { postgresImage } from './postgres/image.ts';

/** Every image that the local cluster's pods run. */
export const images = {
  pause: pauseImage,
  coredns: corednsImage,
  kafkaEvents: kafkaEventsImage,
  kafka: kafkaImage,
  postgres: postgresImage,
} as const;
