import { deepStrictEqual } from 'node:assert/strict';
import { apiVersionsOf, convertObject, type ConvertibleKind } from '../conversion/convertible-kind.ts';
import type { KubernetesObject } from '../objects.ts';

/**
 * For a property test over the objects of each version.
 *
 * @throws unless the object survives the way to every version of its kind and back
 */
export function assertRoundTrips(kind: ConvertibleKind, object: KubernetesObject): void {
  for (const apiVersion of apiVersionsOf(kind)) {
    const back = convertObject(kind, convertObject(kind, object, apiVersion), object.apiVersion);
    deepStrictEqual(asSent(back), asSent(object));
  }
}

const asSent = (object: KubernetesObject): unknown => JSON.parse(JSON.stringify(object));
