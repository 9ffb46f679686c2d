/**
 * The highest versions of the requests that Redpanda knows, by their keys, read from its sources. Where none is said, it is
 * the one that Apache Kafka has. Two are lower than Redpanda's: up to these, messages have one layout, and the stand-in is
 * the stricter for it.
 */
const highestVersions: Readonly<Record<number, number>> = {
  0: Infinity, // Produce
  1: 11, // Fetch
  2: Infinity, // ListOffsets
  3: 7, // Metadata
  8: Infinity, // OffsetCommit
  9: Infinity, // OffsetFetch
  10: Infinity, // FindCoordinator
  11: Infinity, // JoinGroup
  12: Infinity, // Heartbeat
  13: Infinity, // LeaveGroup
  14: Infinity, // SyncGroup
  15: Infinity, // DescribeGroups
  16: Infinity, // ListGroups
  17: Infinity, // SaslHandshake
  18: Infinity, // ApiVersions
  19: 4, // CreateTopics
  20: 3, // DeleteTopics
  21: Infinity, // DeleteRecords
  22: Infinity, // InitProducerId
  23: Infinity, // OffsetForLeaderEpoch
  24: 3, // AddPartitionsToTxn
  25: Infinity, // AddOffsetsToTxn
  26: Infinity, // EndTxn
  28: Infinity, // TxnOffsetCommit
  29: 1, // DescribeAcls
  30: 1, // CreateAcls
  31: 1, // DeleteAcls
  32: 2, // DescribeConfigs
  33: Infinity, // AlterConfigs
  35: 1, // DescribeLogDirs
  36: Infinity, // SaslAuthenticate
  37: Infinity, // CreatePartitions
  42: Infinity, // DeleteGroups
  44: 0, // IncrementalAlterConfigs
  45: 0, // AlterPartitionReassignments
  46: 0, // ListPartitionReassignments
  47: Infinity, // OffsetDelete
  48: 1, // DescribeClientQuotas
  49: 1, // AlterClientQuotas
  50: 0, // DescribeUserScramCredentials
  51: 0, // AlterUserScramCredentials
  60: 0, // DescribeCluster
  61: Infinity, // DescribeProducers
  65: Infinity, // DescribeTransactions
  66: Infinity, // ListTransactions
};

export const apiKeys = { metadata: 3, apiVersions: 18, createTopics: 19 } as const;

/** @returns undefined for a request that Redpanda does not know at all */
export const highestVersion = (apiKey: number): number | undefined => highestVersions[apiKey];

export const isKnown = (apiKey: number, version: number): boolean =>
  apiKey === apiKeys.apiVersions || version <= (highestVersion(apiKey) ?? -1);
