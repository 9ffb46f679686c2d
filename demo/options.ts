/** What the demo takes from its environment, beside the local cluster's settings. */
export interface DemoOptions {
  /** A context of the user's kubeconfig to install on, in place of the local cluster. From CONTEXT. */
  readonly context: string | undefined;
  /** A file of values for the chart, for a cluster of the user's own. From VALUES. */
  readonly values: string | undefined;
  /** Where the image is pushed to and such a cluster pulls it from. From REGISTRY. */
  readonly registry: string | undefined;
  /** What runs the brokers on the local cluster. From ENGINE. */
  readonly engine: LocalEngine;
}

/** Apache Kafka, or a stand-in for Redpanda, whose own image cannot be had there. */
export type LocalEngine = 'kafka' | 'redpanda';

/** @throws {Error} naming the variable whose value cannot be used */
export function readOptions(environment: NodeJS.ProcessEnv = process.env): DemoOptions {
  const engine = environment['ENGINE'] || 'kafka';
  if (engine !== 'kafka' && engine !== 'redpanda') throw new Error(`ENGINE is "${engine}"; it is kafka or redpanda`);
  return {
    engine,
    context: environment['CONTEXT'] || undefined,
    values: environment['VALUES'] || undefined,
    registry: environment['REGISTRY'] || undefined,
  };
}
