import { systemClock } from '../../../lib/clock.ts';
import { createLogger } from '../../../lib/log.ts';
import { createRegistry } from '../../../lib/metrics.ts';
import { Manager, type ManagerOptions } from '../manager.ts';
import { RuntimeMetrics } from '../metrics.ts';
import type { BatchController, Controller, Managed } from '../reconcile/controller.ts';
import { connect } from './connection.ts';

export const silentLogger = createLogger({ name: 'test', level: 'silent' });

/** A manager in this process. */
export interface RunningManager {
  readonly manager: Manager;
  /** The errors that would have ended the program. */
  readonly failures: Error[];
  /** To be called before the API server stops. */
  stop(): Promise<void>;
}

/**
 * Starts a manager that logs nothing, leads at once, and throws where a controller changes what is cached.
 *
 * @param kubeconfig the text of the file
 * @param add gives the manager its controllers
 */
export function startManager(
  kubeconfig: string,
  add: (manager: Manager) => unknown,
  options: Partial<ManagerOptions> = {},
): RunningManager {
  const { client, close } = connect(kubeconfig);
  const manager = new Manager({
    client,
    clock: systemClock,
    logger: silentLogger,
    metrics: new RuntimeMetrics(createRegistry('test')),
    namespaces: [],
    freezeCaches: true,
    identity: 'test-0',
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
      close();
    },
  };
}

/** Starts a manager with one controller. */
export function runController<T extends Managed>(
  kubeconfig: string,
  controller: Controller<T> | BatchController<T>,
  options?: Partial<ManagerOptions>,
): RunningManager {
  return startManager(kubeconfig, (manager) => manager.add(controller), options);
}
