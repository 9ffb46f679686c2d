import { managedByLabel } from '../../src/operator/kinds.ts';
import type { Manager, ManagerOptions } from '../../src/operator/runtime/manager.ts';
import type { BatchController, Controller, Managed } from '../../src/operator/runtime/reconcile/controller.ts';
import * as kit from '../../src/operator/runtime/testing/running-manager.ts';
import type { Kubernetes } from './kubernetes.ts';

export const { silentLogger } = kit;
export type RunningManager = kit.RunningManager;

/** An operator in this process, which labels what it applies as the operator does. */
export function startManager(
  { controlPlane }: Kubernetes,
  add: (manager: Manager) => unknown,
  options: Partial<ManagerOptions> = {},
): RunningManager {
  return kit.startManager(controlPlane.kubeconfig, add, { labels: managedByLabel, identity: 'operator-0', ...options });
}

export function runController<T extends Managed>(
  kubernetes: Kubernetes,
  controller: Controller<T> | BatchController<T>,
  options?: Partial<ManagerOptions>,
): RunningManager {
  return startManager(kubernetes, (manager) => manager.add(controller), options);
}
