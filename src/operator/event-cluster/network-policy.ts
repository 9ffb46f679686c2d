import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { controllerPort } from './kafka/properties.ts';
import { component, ports, replicationPort } from './names.ts';
import type { ClusterPlan } from './plan.ts';

/**
 * Who may connect to which port of brokers with security (engine Kafka): everybody to the listeners for clients, which
 * ask for what security says; the other listeners are for brokers and the operator. Those ask for a certificate, too: a
 * network that enforces no policies loses one of two walls.
 *
 * @param operatorNamespace where the operator runs
 */
export function networkPolicy(plan: ClusterPlan, operatorNamespace: string) {
  const brokers = { podSelector: { matchLabels: selectorLabels(component, plan.name) } };
  const operator = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': operatorNamespace } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'kafka-events-operator' } },
  };
  const clientPorts = plan.spec.externalAccess ? [ports.kafka, ports.external] : [ports.kafka];
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: `${plan.name}-brokers`,
      namespace: plan.namespace,
      labels: objectLabels(component, plan.name),
    },
    spec: {
      podSelector: brokers.podSelector,
      policyTypes: ['Ingress'],
      ingress: [
        { ports: clientPorts.map(tcp) },
        { ports: [tcp(replicationPort)], from: [brokers, operator] },
        { ports: [tcp(controllerPort)], from: [brokers] },
      ],
    },
  };
}

const tcp = (port: number) => ({ protocol: 'TCP', port });
