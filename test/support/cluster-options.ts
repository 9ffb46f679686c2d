import type { Brokers } from '../../src/operator/brokers/brokers.ts';
import { RedpandaAdmin } from '../../src/operator/brokers/redpanda-admin.ts';
import type { EventClusterControllerOptions } from '../../src/operator/event-cluster/controller.ts';

/** For an operator that leads always, and keeps to the strictest pod security. */
export const clusterOptions = (brokers: Brokers): EventClusterControllerOptions => ({
  brokers,
  redpandaAdmin: new RedpandaAdmin({ beforeWrite: () => {} }),
  podSecurity: 'restricted',
  operatorNamespace: 'kafka-events',
});
