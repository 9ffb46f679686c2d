import { ExpectedError } from '../../lib/errors.ts';
import type { Problem } from '../runtime/reconcile/readiness.ts';
import { parseQuantity, type Quantities } from './quantity.ts';

interface Resources {
  readonly requests?: Quantities | undefined;
  readonly limits?: Quantities | undefined;
}

/** Thousandths are no exact numbers: 700m and 0.7 are the same. */
const tolerance = 1 + 1e-9;

/**
 * What the API server would refuse of a pod's resources, by the field of the spec: it names neither that nor the value, and
 * some of it is an error of its own to it, which might pass.
 */
export function refuseResources(
  { requests = {}, limits = {} }: Resources = {},
  path = 'spec.resources',
): Problem | undefined {
  for (const [field, quantities] of Object.entries({ requests, limits })) {
    for (const [name, value] of Object.entries(quantities)) {
      if ((parseQuantity(value) ?? -1) >= 0) continue;
      return refused(
        `${path}.${field}.${name} is "${value}", which is no quantity. Set it to a number that is not below 0, with ` +
          `a unit if need be, such as 2, 500m or 768Mi.`,
      );
    }
  }
  for (const [name, request] of Object.entries(requests)) {
    const limit = limits[name];
    if (limit === undefined || parseQuantity(request)! <= parseQuantity(limit)! * tolerance) continue;
    return refused(
      `${path}.requests.${name} is ${request}, but ${path}.limits.${name} is ${limit}: a request cannot be ` +
        `above the limit. Lower the one, or raise the other.`,
    );
  }
  return undefined;
}

/** @throws {ExpectedError} ResourcesRefused */
export function requireResources(resources: Resources | undefined, path?: string): void {
  const problem = refuseResources(resources, path);
  if (problem) throw new ExpectedError(problem.reason, problem.message);
}

const refused = (message: string): Problem => ({ reason: 'ResourcesRefused', message, failed: true });
