import type { ControlPlane } from '../../localcluster/parts/control-plane.ts';
import { startControlPlaneWithCrds } from '../support/start-control-plane.ts';

let shared: Promise<ControlPlane> | undefined;

/**
 * The control plane of this worker of jest. Its test files use it one after another, since each start takes seconds of a
 * core. It ends with the worker.
 */
export async function takeControlPlane(): Promise<ControlPlane> {
  shared ??= start();
  const { etcd, apiServer, controllerManager } = await shared;
  // The file before may have left one of them stopped or paused.
  for (const part of [etcd, apiServer, controllerManager]) {
    await part.resume();
    await part.start();
  }
  return shared;
}

/** The next file gets a new one. */
export async function discardControlPlane(): Promise<void> {
  const discarded = shared;
  shared = undefined;
  await (await discarded)?.stop();
}

async function start(): Promise<ControlPlane> {
  const controlPlane = await startControlPlaneWithCrds();
  controlPlane.unref();
  return controlPlane;
}
