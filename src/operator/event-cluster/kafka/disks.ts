import type { BrokerDisk } from '../../../kafka/protocol/describe-log-dirs.ts';
import { ExpectedError } from '../../../lib/errors.ts';
import type { ReplicaAdmin } from '../../brokers/brokers.ts';
import type { Disks } from '../disk-pressure.ts';

/** Each broker knows its own disk only; one that does not answer is left out. */
export async function askForDisks(admin: ReplicaAdmin, brokers: readonly number[]): Promise<Disks> {
  const disks = await Promise.all(brokers.map(async (index) => [index, await askForDisk(admin, index)] as const));
  return new Map(disks.flatMap(([index, disk]) => (disk ? [[index, disk]] : [])));
}

async function askForDisk(admin: ReplicaAdmin, broker: number): Promise<BrokerDisk | undefined> {
  try {
    return await admin.describeDisk(broker);
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}
