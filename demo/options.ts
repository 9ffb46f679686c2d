/** What the demo takes from its environment, beside the local cluster's settings. */
export interface DemoOptions {
  /** A context of the user's kubeconfig to install on, in place of the local cluster. From CONTEXT. */
  readonly context: string | undefined;
  /** A file of values for the chart, for a cluster of the user's own. From VALUES. */
  readonly values: string | undefined;
  /** Where the image is pushed to and such a cluster pulls it from. From REGISTRY. */
  readonly registry: string | undefined;
}

export function readOptions(environment: NodeJS.ProcessEnv = process.env): DemoOptions {
  return {
    context: environment['CONTEXT'] || undefined,
    values: environment['VALUES'] || undefined,
    registry: environment['REGISTRY'] || undefined,
  };
}
