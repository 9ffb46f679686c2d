import { corednsImage } from './coredns/image.ts';
import { kafkaEventsImage } from './kafka-events/image.ts';
import { kafkaImage } from './kafka/image.ts';
import { pauseImage } from './pause/image.ts';
import { postgresImage } from './postgres/image.ts';
import { redpandaStandInImage } from './redpanda-stand-in/image.ts';

/** Every image that each local cluster has. */
export const images = {
  pause: pauseImage,
  coredns: corednsImage,
  kafkaEvents: kafkaEventsImage,
  kafka: kafkaImage,
  postgres: postgresImage,
} as const;

/** Beside them, those that a cluster gets when it is asked for them. */
export const allImages = [...Object.values(images), redpandaStandInImage];
