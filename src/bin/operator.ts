import { randomBytes } from 'node:crypto';
import { systemClock as clock } from '../lib/clock.ts';
import { operatorConfiguration } from '../operator/configuration.ts';
import { createHealthServer } from '../lib/health.ts';
import { runProgram } from '../lib/lifecycle.ts';
import { createLogger } from '../lib/log.ts';
import { Counter, createRegistry } from '../lib/metrics.ts';
import { createChatApiController } from '../operator/workloads/chat-api/controller.ts';
import { readPodStatus } from '../operator/workloads/pod-status.ts';
import { RedpandaAdmin } from '../operator/brokers/redpanda-admin.ts';
import { ClusterMetrics } from '../operator/event-cluster/cluster-metrics.ts';
import { createEventClusterController } from '../operator/event-cluster/controller.ts';
import { createEventTopicController } from '../operator/event-topic/controller.ts';
import { createEventUserController } from '../operator/event-user/controller.ts';
import { createDeadLetterReplayController } from '../operator/workloads/dead-letter-replay/controller.ts';
import { createReminderConsumerController } from '../operator/workloads/reminder-consumer/controller.ts';
import { createBrokers } from '../operator/brokers/brokers.ts';
import { AdminClients } from '../operator/brokers/admin-clients.ts';
import type { BeforeOutsideWrite } from '../operator/brokers/outside-write.ts';
import { managedByLabel } from '../operator/kinds.ts';
import { findApiServer } from '../operator/runtime/transport/find-api-server.ts';
import { HttpTransport } from '../operator/runtime/transport/http-transport.ts';
import { KubernetesClient } from '../operator/runtime/transport/kubernetes-client.ts';
import { Manager } from '../operator/runtime/manager.ts';
import { RuntimeMetrics } from '../operator/runtime/metrics.ts';

const configuration = operatorConfiguration();
const { podNamespace, podName, podSecurity, podDefaults, workloadImage, watchNamespaces } = configuration;
const logger = createLogger({ name: 'operator', level: configuration.logLevel });

const registry = createRegistry('operator');
const metrics = new RuntimeMetrics(registry);
const apiServer = await findApiServer(configuration.podAccess);
const onAnswer = metrics.requestAnswered;
const client = new KubernetesClient(new HttpTransport(apiServer, { onAnswer }));
// Apart from all others, and given up early, so that neither a crowd nor a dead connection costs the lease.
const leaseTransport = new HttpTransport(apiServer, { onAnswer, connections: 1, answerMilliseconds: 3_000 });
const kafkaRequests = new Counter({
  registers: [registry],
  name: 'kafka_client_requests_total',
  help: 'Requests to brokers by their name in the protocol of Kafka.',
  labelNames: ['api'] as const,
});
const beforeOutsideWrite: BeforeOutsideWrite = () => manager.assertLeading();
const adminClients = new AdminClients({
  clock,
  logger,
  onRequest: (api) => kafkaRequests.inc({ api }),
  beforeChange: beforeOutsideWrite,
});
const brokers = createBrokers(adminClients);
const redpandaAdmin = new RedpandaAdmin({ beforeWrite: beforeOutsideWrite });

const manager = new Manager({
  client,
  clock,
  logger,
  metrics,
  namespaces: watchNamespaces,
  identity: podName,
  labels: managedByLabel,
  ...(configuration.leaderElection && {
    leaderElection: {
      namespace: podNamespace,
      name: 'kafka-events-operator',
      client: new KubernetesClient(leaseTransport),
    },
  }),
});
const workload = { defaultImage: workloadImage, podSecurity, podDefaults, readPodStatus };
manager
  .add(
    createEventClusterController({
      ...{ brokers, redpandaAdmin, podSecurity, podDefaults, operatorNamespace: podNamespace },
      onLook: new ClusterMetrics(registry, clock).looked,
    }),
  )
  .add(createEventTopicController(adminClients))
  .add(createEventUserController({ clients: adminClients, randomBytes }))
  .add(createReminderConsumerController({ brokers, ...workload }))
  .add(createChatApiController({ brokers, ...workload }))
  .add(createDeadLetterReplayController({ brokers, ...workload }));

const health = createHealthServer({
  port: configuration.metricsPort,
  registry,
  logger,
  readiness: manager.readiness,
});

process.exit(await runProgram([health, adminClients, manager], { logger }));
