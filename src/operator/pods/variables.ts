interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string } };
}

interface PodSpec {
  readonly containers?: readonly { readonly env?: readonly Variable[] }[];
}

/** The environment variables of all containers of a pod. */
export const variablesOfPod = ({ spec }: { readonly spec?: PodSpec }): Variable[] =>
  (spec?.containers ?? []).flatMap(({ env = [] }) => env);

/** The environment variables of the pods that a Deployment makes. */
export const variablesOfDeployment = ({
  spec,
}: {
  readonly spec?: { readonly template: { readonly spec?: PodSpec } };
}): Variable[] => variablesOfPod(spec?.template ?? {});
