import { createHash } from 'node:crypto';
import type { Member } from './admin-api.ts';
import { defaultProperties, type Properties } from './cluster-properties.ts';

/** A broker as the others know it: by its volume, which the id follows. */
export interface StateMember extends Member {
  readonly volumeId: string;
  /** Whether it was there when the cluster was founded; these vote on the metadata of the Kafka beneath. */
  readonly isFounder: boolean;
}

/** What all brokers agree on: the leader changes it, and the others take what is newer than theirs. */
export interface ClusterState {
  readonly version: number;
  /** Also of the Kafka beneath: 16 bytes in base64, for file names and addresses. */
  readonly clusterId: string;
  readonly members: readonly StateMember[];
  readonly properties: Properties;
  readonly configVersion: number;
}

/** A broker that is to become a member. */
export interface Newcomer {
  readonly volumeId: string;
  readonly rpcHost: string;
  readonly cores: number;
}

/**
 * The cluster that founders make, each by itself, of the same list: all of them make the same one. Its ids are not the
 * numbers of pods.
 */
export function foundCluster(founders: readonly Newcomer[], bootstrap: Properties): ClusterState {
  const volumes = founders.map(({ volumeId }) => volumeId).toSorted();
  return {
    version: 1,
    clusterId: createHash('sha256').update(volumes.join()).digest().subarray(0, 16).toString('base64url'),
    members: founders.map((founder, index) => newMember(founder, founders.length - index, true)),
    properties: { ...defaultProperties, ...bootstrap },
    configVersion: 1,
  };
}

/** A broker starts: as the member that its volume says it is, or as a new one, whoever had its name before. */
export function joinCluster(state: ClusterState, newcomer: Newcomer): ClusterState {
  const { volumeId, cores } = newcomer;
  const known = state.members.find((member) => member.volumeId === volumeId);
  if (!known) {
    const nodeId = 1 + Math.max(...state.members.map((member) => member.nodeId));
    return { ...state, members: [...state.members, newMember(newcomer, nodeId, false)] };
  }
  const members = state.members.map((member) =>
    member === known ? { ...member, cores, needsRestart: false } : member,
  );
  return { ...state, members };
}

function newMember({ volumeId, rpcHost, cores }: Newcomer, nodeId: number, isFounder: boolean): StateMember {
  return {
    ...{ volumeId, rpcHost, cores, nodeId, isFounder },
    ...{ membership: 'active', inMaintenance: false, needsRestart: false },
  };
}
