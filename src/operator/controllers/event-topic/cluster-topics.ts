import type { TopicDescription } from '../../../kafka/describe-topics.ts';
import type { ConfigChange } from '../../../kafka/protocol/incremental-alter-configs.ts';
import type { TopicAdmin, TopicResults, TopicSpec } from '../../../kafka/topic-admin.ts';
import type { KafkaEventsError } from '../../../lib/errors.ts';
import { Batcher } from './batcher.ts';

/** Undefined when it was done, else why the broker refuses. */
export type Refused = KafkaEventsError | undefined;

/** One topic at a time for whoever calls; in batches on the wire. Throws only what another attempt can mend. */
export interface ClusterTopics {
  /** With the values of the named configs, wherever they come from. @throws {KafkaEventsError} */
  describe(name: string, configNames: readonly string[]): Promise<TopicDescription | undefined>;
  create(spec: TopicSpec): Promise<Refused>;
  /** To a total of `partitions`. */
  grow(name: string, partitions: number): Promise<Refused>;
  configure(change: ConfigChange): Promise<Refused>;
  remove(name: string): Promise<Refused>;
}

const describeAtOnce = 500;
const changeAtOnce = 100;

export function createClusterTopics(admin: TopicAdmin): ClusterTopics {
  const describing = new Batcher({
    maximum: describeAtOnce,
    run: (items: readonly Described[]) => describeAll(admin, items),
  });
  const creating = changes<TopicSpec>(
    ({ name }) => name,
    (specs) => admin.createTopics(specs),
  );
  const growing = changes<{ name: string; partitions: number }>(
    ({ name }) => name,
    (specs) => admin.createPartitions(specs),
  );
  const configuring = changes<ConfigChange>(
    ({ topic }) => topic,
    (batch) => admin.alterConfigs(batch),
  );
  const removing = changes<string>(
    (name) => name,
    (names) => admin.deleteTopics(names),
  );
  return {
    describe: (name, configNames) => describing.ask({ name, configNames }),
    create: (spec) => creating.ask(spec),
    grow: (name, partitions) => growing.ask({ name, partitions }),
    configure: (change) => configuring.ask(change),
    remove: (name) => removing.ask(name),
  };
}

interface Described {
  readonly name: string;
  readonly configNames: readonly string[];
}

async function describeAll(admin: TopicAdmin, items: readonly Described[]): Promise<(TopicDescription | undefined)[]> {
  const names = new Set(items.map(({ name }) => name));
  const configNames = new Set(items.flatMap((item) => item.configNames));
  const descriptions = await admin.describeTopics([...names], { configNames: [...configNames] });
  return items.map(({ name }) => descriptions.get(name));
}

function changes<Item>(nameOf: (item: Item) => string, send: (items: readonly Item[]) => Promise<TopicResults>) {
  return new Batcher<Item, Refused>({
    maximum: changeAtOnce,
    run: async (items) => {
      const results = await send(items);
      return items.map((item) => results.get(nameOf(item)));
    },
  });
}
