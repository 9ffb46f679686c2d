import { systemClock } from '../../src/lib/clock.ts';
import { createLogger } from '../../src/lib/log.ts';
import { createRegistry } from '../../src/lib/metrics.ts';
import { managedByLabel } from '../../src/operator/kinds.ts';
import type { BatchController, Controller, Managed } from '../../src/operator/runtime/reconcile/controller.ts';
import { HttpTransport } from '../../src/operator/runtime/transport/http-transport.ts';
import { apiServerOf } from '../../src/operator/runtime/transport/kubeconfig.ts';
import { KubernetesClient } from '../../src/operator/runtime/transport/kubernetes-client.ts';
import { Manager, type ManagerOptions } from '../../src/operator/runtime/manager.ts';
import { RuntimeMetrics } from '../../src/operator/runtime/metrics.ts';
import { kubeConfigOf, type Kubernetes } from './kubernetes.ts';

export const silentLogger = createLogger({ name: 'test', level: 'silent' });

/** An operator in this process. */
export interface RunningManager {
  readonly manager: Manager;
  /** The errors that would have ended the program. */
  readonly failures: Error[];
  stop(): Promise<void>;
}

export function startManager(
  kubernetes: Kubernetes,
  add: (manager: Manager) => unknown,
  options: Partial<ManagerOptions> = {},
): RunningManager {
  const transport = new HttpTransport(apiServerOf(kubeConfigOf(kubernetes.controlPlane.kubeconfig)));
  const manager = new Manager({
    client: new KubernetesClient(transport),
    clock: systemClock,
    logger: silentLogger,
    metrics: new RuntimeMetrics(createRegistry('test')),
    namespaces: [],
    labels: managedByLabel,
    freezeCaches: true,
    identity: 'operator-0',
    ...options,
  });
  add(manager);
  const failures: Error[] = [];
  manager.start({ signal: new AbortController().signal, fail: (error) => failures.push(error) });
  return {
    manager,
    failures,
    stop: async () => {
      await manager.stop();
      transport.close();
    },
  };
}

export function runController<T extends Managed>(
  kubernetes: Kubernetes,
  controller: Controller<T> | BatchController<T>,
  options?: Partial<ManagerOptions>,
): RunningManager {
  return startManager(kubernetes, (manager) => manager.add(controller), options);
}
