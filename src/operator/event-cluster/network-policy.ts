import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { controllerPort } from './kafka/security-properties.ts';
import { clientCertificatesPort, component, movedPorts, ports, replicationPort } from './names.ts';
import type { ClusterPlan } from './plan.ts';
import { redpandaPorts } from './redpanda/layout.ts';

/**
 * Who may connect to which port of brokers: everybody to the listeners for clients, which ask for what security says;
 * the others are for brokers and the operator. With security, these ask for a certificate, too: a network that enforces
 * no policies loses one of two walls. Without, it is the only one.
 *
 * @param operatorNamespace where the operator runs
 */
export function networkPolicy(plan: ClusterPlan, operatorNamespace: string) {
  const brokers = { podSelector: { matchLabels: selectorLabels(component, plan.name) } };
  const operator = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': operatorNamespace } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'kafka-events-operator' } },
  };
  const { forClients, forBrokers, forOperator } = portsOf(plan);
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
        { ports: forClients.map(tcp) },
        ...(forOperator.length > 0 ? [{ ports: forOperator.map(tcp), from: [brokers, operator] }] : []),
        { ports: forBrokers.map(tcp), from: [brokers] },
      ],
    },
  };
}

function portsOf({ spec, security }: ClusterPlan) {
  const external = spec.externalAccess ? [ports.external] : [];
  if (spec.engine === 'Kafka') {
    return {
      forClients: [
        ports.kafka,
        ...(security?.move ? [movedPorts.clients] : []),
        ...(security?.clientCertificates ? [clientCertificatesPort] : []),
        ...external,
      ],
      forBrokers: [controllerPort, ...(security?.move ? [movedPorts.controllers] : [])],
      forOperator: security ? [replicationPort] : [],
    };
  }
  const { admin, proxy, registry, rpc } = redpandaPorts;
  return {
    forClients: [ports.kafka, ...external, registry, proxy],
    forBrokers: [rpc],
    forOperator: security ? [admin, replicationPort] : [admin],
  };
}

const tcp = (port: number) => ({ protocol: 'TCP', port });
