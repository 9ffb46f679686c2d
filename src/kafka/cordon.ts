import type { Broker } from './client/broker-connections.ts';
import { brokerError, incompleteAnswer } from './errors.ts';
import { brokerResource } from './protocol/config-resource.ts';
import { describeConfigs } from './protocol/describe-configs.ts';
import { incrementalAlterConfigs } from './protocol/incremental-alter-configs.ts';

/** KIP-1066: no new replicas are placed in these folders of a broker. */
const config = 'cordoned.log.dirs';
const allFolders = '*';

/** @returns false from a release that does not know it */
export async function setCordon(broker: Broker, id: number, cordoned: boolean): Promise<boolean> {
  const name = String(id);
  const [described] = await describeConfigs(broker, [{ type: brokerResource, name }], [config]);
  const present = described?.configs.find((candidate) => candidate.name === config);
  if (!present) return false;
  // Each change is a record of the controller.
  if ((present.value === allFolders) === cordoned) return true;
  const alteration = { type: brokerResource, name, configs: { [config]: cordoned ? allFolders : null } } as const;
  const [answer] = await incrementalAlterConfigs(broker, [alteration], false);
  if (!answer) throw incompleteAnswer('IncrementalAlterConfigs', name);
  const error = brokerError(answer.errorCode, answer.errorMessage);
  // The release knows it, but the version of the cluster's metadata does not.
  if (error?.code === 'InvalidConfig' || error?.code === 'UnsupportedVersion') return false;
  if (error) throw error;
  return true;
}
