import type { Place } from '../../../demo/place.ts';
import { isReplaced, membersBy } from '../../support/redpanda-members.ts';
import { until } from '../../support/until.ts';
import { operatorKilled, type Happening } from './happening.ts';
import type { LivingCluster } from './living-cluster.ts';
import { restartsDuring } from './restarts.ts';

interface Surroundings {
  readonly place: Place;
  readonly namespace: string;
}

const patience = 120_000;

/**
 * What can happen to a cluster of Redpanda, or of the stand-in for it. Beneath the stand-in, the founders are controllers of
 * a Kafka, which cannot change: what takes a founder's volume comes last, and the volume of a broker that joined is lost
 * before.
 *
 * @throws {Error} by what the brokers did, whatever became of the messages meanwhile
 */
export function redpandaHappenings(surroundings: Surroundings): readonly Happening[] {
  const { place, namespace } = surroundings;
  let jitter = 6;
  const members = () => membersBy('events-0', place, namespace);

  /** Every broker in turn, each out of maintenance before the next goes in. */
  const oneByOne = async (roll: () => Promise<void>) => {
    const { replaced, maintained, mostAway, mostInMaintenance } = await restartsDuring(roll, surroundings);
    const all = (await members()).map(({ pod }) => pod).sort();
    const asIs = [replaced.toSorted().join(), maintained.join(), mostAway, mostInMaintenance].join(' ');
    if (asIs !== [all.join(), all.join(), 1, 1].join(' '))
      throw new Error(`replaced, in maintenance, most of both at a time: ${asIs}`);
  };
  const loseVolume = async (cluster: LivingCluster, pod: string) => {
    const before = await members();
    await cluster.loseVolume(pod);
    await until(async () => isReplaced(pod, before, await members()), patience);
  };
  const untilThere = (count: number) => until(async () => (await members()).length === count, patience);

  const happenings: readonly Happening[] = [
    // Taken up at the next start only.
    [
      'configuration roll',
      (cluster) => oneByOne(() => cluster.change({ config: { log_segment_size_jitter_percent: jitter++ } })),
    ],
    ['image roll', (cluster) => oneByOne(() => cluster.rollImage())],
    [
      '3 -> 5 brokers',
      async (cluster) => {
        await cluster.change({ brokers: 5 });
        await untilThere(5);
      },
    ],
    ['lost volume of a broker that joined', (cluster) => loseVolume(cluster, 'events-4')],
    [
      '5 -> 3 brokers',
      async (cluster) => {
        await cluster.change({ brokers: 3 });
        await untilThere(3);
      },
    ],
    ['killed broker', (cluster) => cluster.killPod('events-1')],
    ['drained node', (cluster) => cluster.drainNodeOf('events-1')],
  ];
  const last: Happening = ['lost volume of a founder', (cluster) => loseVolume(cluster, 'events-2')];
  return [...happenings, ...happenings.map(operatorKilled), last];
}
