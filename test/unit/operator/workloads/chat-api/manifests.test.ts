import { describe, expect, it } from '@jest/globals';
import { workloadAccess } from '../../../../../src/operator/brokers/client-access.ts';
import { chatApiDeployment } from '../../../../../src/operator/workloads/chat-api/deployment.ts';
import {
  chatApiDisruptionBudget,
  chatApiService,
  serviceUrl,
} from '../../../../../src/operator/workloads/chat-api/service.ts';
import { clientSettings } from '../../../../../src/operator/workloads/kafka-settings.ts';
import { expectGolden } from '../../../../support/golden.ts';
import { aChatApi, anEventCluster } from '../../../../support/resources.ts';

const inside = clientSettings({}, 'events.tasks.svc.cluster.local:9092');
const secured = anEventCluster({
  engine: 'External',
  external: { bootstrapServers: 'kafka.example.org:9093' },
  tls: { caSecretRef: { name: 'kafka-ca' } },
  authentication: { mechanism: 'SCRAM-SHA-512', credentialsSecretRef: { name: 'kafka-user' } },
});
const everything = {
  replicas: 3,
  image: 'registry.example.org/chat:1',
  topics: { events: 'a', updates: 'b', reminders: 'c' },
  llm: { baseUrl: 'https://llm.example.org/v1', model: 'small', apiKeySecretRef: { name: 'llm' } },
  service: { type: 'NodePort', port: 8000, nodePort: 30080, annotations: { 'example.org/a': 'b' } },
  resources: { limits: { memory: '1Gi' } },
  podTemplate: { spec: { nodeSelector: { disk: 'fast' } } },
};

describe('the manifests of a ChatApi', () => {
  it.each([
    ['chat-api', aChatApi(), inside],
    ['chat-api-everything', aChatApi(everything), clientSettings(workloadAccess(secured), 'kafka.example.org:9093')],
  ])('are as golden/%s.yaml says', (name, chatApi, kafka) => {
    const input = { chatApi, defaultImage: 'kafka-events:1', kafka, secretsHash: 'abc' };
    const budget = chatApiDisruptionBudget(chatApi);
    const manifests = [chatApiDeployment(input), chatApiService(chatApi), ...(budget ? [budget] : [])];
    expectGolden(import.meta.dirname, name, manifests);
  });

  it('tell where the API is', () => {
    expect(serviceUrl(aChatApi())).toBe('http://chat.tasks.svc.cluster.local');
    expect(serviceUrl(aChatApi({ service: { port: 8000 } }))).toBe('http://chat.tasks.svc.cluster.local:8000');
  });
});
