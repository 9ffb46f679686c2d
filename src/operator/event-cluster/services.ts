import type { V1Service } from '@kubernetes/client-node';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import {
  brokersServiceName,
  component,
  externalServiceName,
  indexes,
  movedPorts,
  podName,
  ports,
  replicationPort,
} from './names.ts';
import type { ClusterPlan } from './plan.ts';

/** Where clients begin, where brokers find each other, and, if wanted, a way in from outside for each broker. */
export function services(plan: ClusterPlan): V1Service[] {
  return [bootstrapService(plan), brokersService(plan), ...externalServices(plan)];
}

/** One address for whichever broker is ready; the broker answers with the names of all. */
function bootstrapService(plan: ClusterPlan): V1Service {
  return service(plan, plan.name, {
    selector: selectorLabels(component, plan.name),
    ports: [
      { name: 'kafka', port: ports.kafka, targetPort: 'kafka' },
      ...(plan.security ? [{ name: 'replication', port: replicationPort, targetPort: 'replication' }] : []),
      ...(plan.security?.move ? [{ name: 'moved', port: movedPorts.clients, targetPort: movedPorts.clients }] : []),
    ],
  });
}

/** Names the brokers before they are ready: they must find each other to become it. */
function brokersService(plan: ClusterPlan): V1Service {
  return service(plan, brokersServiceName(plan), {
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: selectorLabels(component, plan.name),
    ports: [{ name: 'kafka', port: ports.kafka, targetPort: 'kafka' }],
  });
}

function externalServices(plan: ClusterPlan): V1Service[] {
  const firstNodePort = plan.spec.externalAccess?.firstNodePort;
  if (firstNodePort === undefined) return [];
  return indexes(plan.brokers).map((index) =>
    service(plan, externalServiceName(plan, index), {
      type: 'NodePort',
      selector: { ...selectorLabels(component, plan.name), 'statefulset.kubernetes.io/pod-name': podName(plan, index) },
      ports: [{ name: 'external', port: ports.external, targetPort: 'external', nodePort: firstNodePort + index }],
    }),
  );
}

function service(plan: ClusterPlan, name: string, spec: NonNullable<V1Service['spec']>): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: plan.namespace, labels: objectLabels(component, plan.name) },
    spec,
  };
}
