import type { V1PodDisruptionBudget, V1Service } from '@kubernetes/client-node';
import type { ChatApi } from '../../../api/chat-api.ts';
import { objectLabels, selectorLabels } from '../../pods/labels.ts';
import { component } from './deployment.ts';

export function chatApiService({ metadata, spec }: ChatApi): V1Service {
  const { type, port, nodePort, annotations } = spec.service;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: objectLabels(component, metadata.name),
      ...(annotations && { annotations }),
    },
    spec: {
      type,
      selector: selectorLabels(component, metadata.name),
      ports: [{ name: 'http', port, targetPort: 'http', ...(nodePort !== undefined && { nodePort }) }],
    },
  };
}

/** Where the API is inside the cluster. */
export function serviceUrl({ metadata, spec }: ChatApi): string {
  const { port } = spec.service;
  return `http://${metadata.name}.${metadata.namespace}.svc.cluster.local${port === 80 ? '' : `:${port}`}`;
}

/** Of several pods one at a time may go; a single one must be free to go, or its node could not be drained. */
export function chatApiDisruptionBudget({ metadata, spec }: ChatApi): V1PodDisruptionBudget | undefined {
  if (spec.replicas < 2) return undefined;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: objectLabels(component, metadata.name),
    },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorLabels(component, metadata.name) },
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  };
}
