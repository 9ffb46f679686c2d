import { ExpectedError, isExpected, toError } from '../../../lib/errors.ts';
import type { ObjectMeta } from '../../../lib/kubernetes-object.ts';
import { keyText, type Key, type KubernetesObject } from '../objects.ts';

/**
 * Translates between one version of a kind and its hub. Both functions are pure, and convert whatever the CRD lets in:
 * a single object without a form in another version makes all lists and watches of that version fail. What one version
 * cannot express is kept in an annotation, so that nothing is lost on the way there and back.
 *
 * They return the whole object; `apiVersion` is set for them, and of the metadata only labels and annotations may
 * differ. Any field may be absent, even a required one and all of `spec`: for server-side apply, the API server converts
 * parts of objects; and an object that is being created may lack its name and uid. Whole numbers that JavaScript cannot
 * hold are opaque values (JSON.rawJSON), which may be passed on only.
 */
export interface VersionConversion<
  Hub extends KubernetesObject = KubernetesObject,
  Version extends KubernetesObject = KubernetesObject,
> {
  /** @throws {ExpectedError} `conversionError(field, reason)` */
  toHub(object: Version): Hub;
  /** @throws {ExpectedError} `conversionError(field, reason)` */
  fromHub(object: Hub): Version;
}

/** A kind that is served in several versions, of which each is translated to the hub and from it. */
export interface ConvertibleKind {
  /** As example.org. */
  readonly group: string;
  readonly kind: string;
  /** The version that the others are translated by way of: v1. */
  readonly hub: string;
  /** The other versions by name. */
  readonly others: Readonly<Record<string, VersionConversion>>;
}

export type ConversionErrorCode = 'CannotConvert' | 'UnknownVersion' | 'MetadataChanged';

/** Why an object has no form in another version: `conversionError('spec.tone', 'v1alpha1 knows only "polite"')`. */
export function conversionError(field: string, reason: string): ExpectedError<ConversionErrorCode> {
  return failure('CannotConvert', field, reason);
}

function failure(code: ConversionErrorCode, field: string, reason: string): ExpectedError<ConversionErrorCode> {
  return new ExpectedError(code, `${field}: ${reason}`, { details: { field } });
}

/** Every version of the kind, as `example.org/v1`. */
export function apiVersionsOf({ group, hub, others }: ConvertibleKind): string[] {
  return [hub, ...Object.keys(others)].map((version) => `${group}/${version}`);
}

/**
 * The object in another version of its kind.
 *
 * @param apiVersion the version that is wanted: `example.org/v1`
 * @throws {ExpectedError} with a ConversionErrorCode; the message names the object
 */
export function convertObject(kind: ConvertibleKind, object: KubernetesObject, apiVersion: string): KubernetesObject {
  try {
    return translate(kind, object, apiVersion);
  } catch (error) {
    const { namespace = '', name = '(unnamed)' }: Partial<Key> = object.metadata;
    const what = `${object.kind} ${keyText({ namespace, name })} from ${object.apiVersion} to ${apiVersion}`;
    throw describeFailure(error, `cannot convert ${what}`);
  }
}

function translate(kind: ConvertibleKind, object: KubernetesObject, apiVersion: string): KubernetesObject {
  const [from, to] = [conversionOf(kind, object.apiVersion), conversionOf(kind, apiVersion)];
  if (object.apiVersion === apiVersion) return object;
  // As text, so that a conversion which changes the object it was given is seen as well.
  const before = textsOf(fixedMetadata(object));
  const hub = `${kind.group}/${kind.hub}`;
  const atHub = from ? { ...from.toHub(object), apiVersion: hub } : object;
  const converted = to ? to.fromHub(atHub) : atHub;
  const fixed = fixedMetadata(converted);
  const changed = differing(before, textsOf(fixed));
  if (changed !== undefined) throw failure('MetadataChanged', `metadata.${changed}`, 'must not change');
  const { labels, annotations } = converted.metadata;
  const metadata = { ...fixed, ...(isFilled(labels) && { labels }), ...(isFilled(annotations) && { annotations }) };
  return { ...converted, apiVersion, kind: object.kind, metadata };
}

/** Undefined for the hub. */
function conversionOf(kind: ConvertibleKind, apiVersion: string): VersionConversion | undefined {
  const known = apiVersionsOf(kind);
  if (!known.includes(apiVersion)) {
    throw failure('UnknownVersion', 'apiVersion', `must be one of ${known.join(', ')}, was ${apiVersion}`);
  }
  return apiVersion === known[0] ? undefined : kind.others[apiVersion.slice(kind.group.length + 1)];
}

function fixedMetadata({ metadata }: KubernetesObject): Omit<ObjectMeta, 'labels' | 'annotations'> {
  const { labels: _labels, annotations: _annotations, ...fixed } = metadata;
  return fixed;
}

type Texts = Readonly<Record<string, string>>;

const textsOf = (fields: object): Texts =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, JSON.stringify(value)]));

const differing = (one: Texts, other: Texts) =>
  Object.keys({ ...one, ...other }).find((name) => one[name] !== other[name]);

/** The server itself leaves out a map that is empty. */
const isFilled = (map: object | undefined) => map !== undefined && Object.keys(map).length > 0;

/** An error that nobody expected stays one, so that it is logged with its stack. */
function describeFailure(error: unknown, what: string): Error {
  if (!isExpected(error)) return new Error(`${what}: ${toError(error).message}`, { cause: error });
  const { code, message, details } = error;
  return new ExpectedError(code, `${what}: ${message}`, { details, cause: error });
}
