import type { V1PodTemplateSpec } from '@kubernetes/client-node';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import { controllerPort } from './kafka/security-properties.ts';
import { clientCertificatesPort, component, movedPorts, ports, replicationPort } from './names.ts';
import type { ClusterPlan } from './plan.ts';
import { redpandaPorts } from './redpanda/layout.ts';

/**
 * Who may connect to which port of brokers: everybody to the listeners for clients, which ask for what security says;
 * the others are for brokers and the operator. With security, these ask for a certificate, too: a network that enforces
 * no policies loses one of two walls. Without, it is the only one. Ports that only a podTemplate declares, of metrics say,
 * are for everybody, as those of workloads are.
 *
 * @param operatorNamespace where the operator runs
 * @param template of the brokers' pods
 */
export function networkPolicy(plan: ClusterPlan, operatorNamespace: string, template: V1PodTemplateSpec) {
  const brokers = { podSelector: { matchLabels: selectorLabels(component, plan.name) } };
  const operator = {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': operatorNamespace } },
    podSelector: { matchLabels: { 'app.kubernetes.io/name': 'kafka-events-operator' } },
  };
  const { forClients, forBrokers, forOperator } = portsOf(plan);
  const own = [...forClients, ...forBrokers, ...forOperator];
  const added = declaredPorts(template).filter(({ port }) => !own.includes(port));
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
        { ports: [...forClients.map(tcp), ...added] },
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

function declaredPorts({ spec }: V1PodTemplateSpec) {
  // A podTemplate may say null where it wants none.
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const declared = containers.flatMap(({ ports: each }) => each ?? []);
  return declared.map(({ containerPort, protocol = 'TCP' }) => ({ protocol, port: containerPort }));
}

const tcp = (port: number) => ({ protocol: 'TCP', port });
