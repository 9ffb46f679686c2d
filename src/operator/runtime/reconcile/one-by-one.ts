import type { BatchController, Controller, Managed } from './controller.ts';

/** A controller of single resources as one of batches, each of one resource. */
export function oneByOne<T extends Managed>(controller: Controller<T>): BatchController<T> {
  const { finalizer, ...rest } = controller;
  return {
    ...rest,
    batchSize: 1,
    reconcileBatch: async (contexts) => Promise.all(contexts.map((context) => controller.reconcile(context))),
    ...(finalizer && {
      finalizer: {
        needed: (object) => finalizer.needed(object),
        finalizeBatch: (contexts) => Promise.all(contexts.map((context) => finalizer.finalize(context))),
      },
    }),
  };
}
