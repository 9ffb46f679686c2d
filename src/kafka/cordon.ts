import type { Broker } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { brokerResource } from './protocol/config-resource.ts';
import { describeConfigs } from './protocol/describe-configs.ts';
import { incrementalAlterConfigs } from './protocol/incremental-alter-configs.ts';

/** KIP-1066: no new replicas are placed in these folders of a broker. */
const config = 'cordoned.log.dirs';
const allFolders = '*';

/** `unavailable` is the answer of a release that does not know it (before Kafka 4.3). */
export type CordonOutcome = 'changed' | 'unchanged' | 'unavailable';

export async function setCordon(broker: Broker, id: number, cordoned: boolean): Promise<CordonOutcome> {
  const name = String(id);
  const [described] = await describeConfigs(broker, [{ type: brokerResource, name }], [config]);
  const present = described?.configs.find((candidate) => candidate.name === config);
  if (!present) return 'unavailable';
  // Each change is a record of the controller.
  if ((present.value === allFolders) === cordoned) return 'unchanged';
  const alteration = { type: brokerResource, name, configs: { [config]: cordoned ? allFolders : null } } as const;
  const [answer] = await incrementalAlterConfigs(broker, [alteration], false);
  if (!answer) throw incompleteAnswer('IncrementalAlterConfigs', name);
  const error = brokerError(answer.errorCode, answer.errorMessage);
  // The release knows it, but the version of the cluster's metadata does not.
  if (error?.code === 'InvalidConfig' || error?.code === 'UnsupportedVersion') return 'unavailable';
  if (error) throw error;
  return 'changed';
}
