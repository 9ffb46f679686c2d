import type { V1Service } from '@kubernetes/client-node';
import { objectLabels, selectorLabels } from '../pods/labels.ts';
import {
  brokersServiceName,
  clientCertificatesPort,
  component,
  externalHost,
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
      ...(plan.security?.clientCertificates
        ? [{ name: 'certificates', port: clientCertificatesPort, targetPort: clientCertificatesPort }]
        : []),
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

/**
 * Each leads to one broker, ready or not: clients come because the others name it as the leader of a partition, which it is
 * for seconds before its probe tells that it is ready, and after its pod was told to end. Nobody else could serve them.
 */
function externalServices(plan: ClusterPlan): V1Service[] {
  const { firstNodePort, firstPort, loadBalancer } = plan.spec.externalAccess ?? {};
  return indexes(plan.brokers).flatMap((index) => {
    const name = externalServiceName(plan, index);
    const pod = { 'statefulset.kubernetes.io/pod-name': podName(plan, index) };
    const one = { selector: { ...selectorLabels(component, plan.name), ...pod }, publishNotReadyAddresses: true };
    const to = (port: number) => ({ name: 'external', port, targetPort: 'external' });
    if (firstNodePort !== undefined) {
      const nodePort = firstNodePort + index;
      return [service(plan, name, { type: 'NodePort', ...one, ports: [{ ...to(ports.external), nodePort }] })];
    }
    if (firstPort === undefined || !loadBalancer) return [];
    const { className, sourceRanges, annotations = {} } = loadBalancer;
    const spec = {
      ...{ type: 'LoadBalancer', ...one, ports: [to(firstPort + index)] },
      ...(className !== undefined && { loadBalancerClass: className }),
      ...(sourceRanges && { loadBalancerSourceRanges: sourceRanges }),
    };
    return [service(plan, name, spec, annotationsOf(annotations, index))];
  });
}

const annotationsOf = (annotations: Readonly<Record<string, string>>, index: number) =>
  Object.fromEntries(Object.entries(annotations).map(([key, value]) => [key, externalHost(value, index)]));

function service(
  plan: ClusterPlan,
  name: string,
  spec: NonNullable<V1Service['spec']>,
  annotations: Readonly<Record<string, string>> = {},
): V1Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      ...{ name, namespace: plan.namespace, labels: objectLabels(component, plan.name) },
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec,
  };
}
