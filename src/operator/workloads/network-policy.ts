import type { V1Deployment, V1NetworkPolicy } from '@kubernetes/client-node';

/**
 * Lets others reach the ports that the pods of a Deployment declare, and no others. Where the pods may connect to is
 * left to the namespace: the addresses of databases, brokers, language models and webhooks are in Secrets and specs, as
 * names, which a NetworkPolicy has no words for.
 */
export function networkPolicyOf({ metadata, spec }: V1Deployment): V1NetworkPolicy {
  // A podTemplate may say null where it wants none.
  const containers = [...(spec?.template.spec?.initContainers ?? []), ...(spec?.template.spec?.containers ?? [])];
  const declared = containers.flatMap(({ ports }) => ports ?? []);
  const ports = declared.map(({ containerPort, protocol = 'TCP' }) => ({ protocol, port: containerPort }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      ...(metadata?.name !== undefined && { name: metadata.name }),
      ...(metadata?.namespace !== undefined && { namespace: metadata.namespace }),
      ...(metadata?.labels && { labels: metadata.labels }),
    },
    spec: {
      ...(spec && { podSelector: spec.selector }),
      policyTypes: ['Ingress'],
      // Without a port, a rule would let in everybody everywhere.
      ingress: ports.length > 0 ? [{ ports }] : [],
    },
  };
}
