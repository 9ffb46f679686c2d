import { describe, expect, it } from '@jest/globals';
import { chatApiDeployment } from '../../../../src/operator/workloads/chat-api/deployment.ts';
import { noInputs } from '../../../../src/operator/workloads/deployment.ts';
import { networkPolicyOf } from '../../../../src/operator/workloads/network-policy.ts';
import { aChatApi } from '../../../support/resources.ts';

const policyOf = (spec: object) =>
  networkPolicyOf(chatApiDeployment({ chatApi: aChatApi(spec), defaultImage: 'kafka-events:1', ...noInputs }));

describe('the NetworkPolicy of a workload', () => {
  it('lets others reach the ports that its pods declare', () => {
    expect(policyOf({})).toMatchObject({
      metadata: { name: 'chat', namespace: 'tasks' },
      spec: {
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'chat-api', 'app.kubernetes.io/instance': 'chat' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            ports: [
              { protocol: 'TCP', port: 8080 },
              { protocol: 'TCP', port: 9090 },
            ],
          },
        ],
      },
    });
  });

  it('opens the ports of containers that a podTemplate adds', () => {
    const proxy = { name: 'proxy', image: 'proxy:1', ports: [{ containerPort: 8443, protocol: 'UDP' }] };
    const { spec } = policyOf({ podTemplate: { spec: { containers: [proxy] } } });
    expect(spec?.ingress?.[0]?.ports).toContainEqual({ protocol: 'UDP', port: 8443 });
  });

  it('lets in nobody where no port is declared', () => {
    const deployment = chatApiDeployment({ chatApi: aChatApi(), defaultImage: 'kafka-events:1', ...noInputs });
    for (const container of deployment.spec!.template.spec!.containers) delete container.ports;
    expect(networkPolicyOf(deployment).spec?.ingress).toEqual([]);
  });
});
