import { errorCode, isExpected, toError } from '../../../lib/errors.ts';
import type { KubernetesObject } from '../objects.ts';
import { convertObject, type ConvertibleKind } from './convertible-kind.ts';

/** What the API server asks of a conversion webhook (apiextensions.k8s.io/v1). */
export interface ConversionRequest {
  readonly uid: string;
  readonly desiredAPIVersion: string;
  readonly objects: readonly KubernetesObject[];
}

interface Failure {
  readonly status: 'Failure';
  readonly reason: 'Invalid';
  readonly code: 422;
  readonly message: string;
  readonly details: { readonly causes: readonly { reason: string; message: string; field?: string }[] };
}

export interface ConversionResponse {
  readonly uid: string;
  readonly result: { readonly status: 'Success' } | Failure;
  /** In the order of the request; absent unless every object was converted. */
  readonly convertedObjects?: readonly KubernetesObject[];
}

const reviewType = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview' };

/**
 * Reads the body of a webhook's request.
 *
 * @throws {Error} stating what is invalid
 */
export function parseReview(text: string): ConversionRequest {
  const review: unknown = JSON.parse(text, exactNumbers);
  if (!isFields(review) || review.apiVersion !== reviewType.apiVersion || review.kind !== reviewType.kind) {
    throw new Error(`must be a ${reviewType.kind} of ${reviewType.apiVersion}`);
  }
  const { request } = review;
  if (!isFields(request)) throw new Error('request: must be set');
  const { uid, desiredAPIVersion, objects } = request;
  if (typeof uid !== 'string') throw new Error('request.uid: must be a text');
  if (typeof desiredAPIVersion !== 'string') throw new Error('request.desiredAPIVersion: must be a text');
  if (!Array.isArray(objects) || !objects.every(isObject)) {
    throw new Error('request.objects: must be a list of objects with apiVersion, kind and metadata');
  }
  return { uid, desiredAPIVersion, objects };
}

/** Converts all objects, or none. Never throws: failures become the response, and are passed to `onFailure`. */
export function respond(
  kinds: readonly ConvertibleKind[],
  { uid, desiredAPIVersion, objects }: ConversionRequest,
  onFailure: (error: Error) => void,
): ConversionResponse {
  try {
    const convertedObjects = objects.map((object) => convertObject(kindOf(kinds, object), object, desiredAPIVersion));
    return { uid, result: { status: 'Success' }, convertedObjects };
  } catch (error) {
    onFailure(toError(error));
    return { uid, result: failure(toError(error)) };
  }
}

/** The text of the answer, with every number as it came. */
export function reviewText(response: ConversionResponse): string {
  return JSON.stringify({ ...reviewType, response });
}

function kindOf(kinds: readonly ConvertibleKind[], { apiVersion, kind }: KubernetesObject): ConvertibleKind {
  const found = kinds.find((one) => one.kind === kind && apiVersion.startsWith(`${one.group}/`));
  if (!found) throw new Error(`${kind} of ${apiVersion} is not converted here`);
  return found;
}

function failure(error: Error): Failure {
  const { message } = error;
  const field = isExpected(error) && typeof error.details.field === 'string' ? { field: error.details.field } : {};
  const causes = [{ reason: errorCode(error), message, ...field }];
  return { status: 'Failure', reason: 'Invalid', code: 422, message, details: { causes } };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isObject(value: unknown): value is KubernetesObject {
  if (!isFields(value) || typeof value.apiVersion !== 'string' || typeof value.kind !== 'string') return false;
  const { metadata } = value;
  return isFields(metadata) && [metadata.labels ?? {}, metadata.annotations ?? {}].every(isFields);
}

/** TypeScript 5.9 does not know it yet. */
interface RawJson {
  rawJSON(text: string): unknown;
}

/** The API server's whole numbers have 64 bits, and JavaScript's 53: longer ones are kept as the text they came as. */
function exactNumbers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isTooLong = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isTooLong ? (JSON as unknown as RawJson).rawJSON(context!.source!) : value;
}
