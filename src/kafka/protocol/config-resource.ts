/** Something that has configs: a topic by its name, or a broker by its id. */
export interface ConfigResource {
  readonly type: typeof topicResource | typeof brokerResource;
  readonly name: string;
}

/** As Kafka's protocol numbers them. */
export const topicResource = 2;
export const brokerResource = 4;
