import type { z } from 'zod';

/** The API group and version of all kinds of this project. */
export const group = 'kafka-events.dev';
export const version = 'v1alpha1';
export const apiVersion = `${group}/${version}`;

/** A rule in CEL that the API server holds objects to; `message` is what the user reads. */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  /** The field the refusal names; without it, the one that carries the rule. */
  readonly fieldPath?: string;
}

/** A column of `kubectl get`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  /** 0 shows always, 1 with `-o wide`. */
  readonly priority?: number;
}

/** Everything a CustomResourceDefinition is made of. */
export interface KindDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: z.ZodObject;
  readonly status: z.ZodObject;
  /** Rules that need metadata; all others stand at their field. */
  readonly rules?: readonly ValidationRule[];
  readonly printerColumns: readonly PrinterColumn[];
  /** Whether `kubectl scale` and autoscalers work on it (spec.replicas, status.replicas, status.selector). */
  readonly scale?: boolean;
}

/** Puts CEL rules on a schema; the CRD carries them beside its description. */
export const rules = (...list: ValidationRule[]) => ({ 'x-kubernetes-validations': list });

export const immutable = (field: string, fix: string) =>
  rules({ rule: 'self == oldSelf', message: `${field} cannot be changed: ${fix}` });

/**
 * Whether the operator has looked at the object before: then an earlier release took it in, and it must be possible to
 * change it, and to let it go. New objects have no such status, whatever their manifests say.
 */
export const wasSeen = '(has(self.status) && has(self.status.observedGeneration))';

/** For kinds that get a Service of their name, which must be a label of DNS (RFC 1035). */
export const serviceNameRule: ValidationRule = {
  rule: `${wasSeen} || self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')`,
  message:
    'metadata.name must begin with a letter and hold only lower-case letters, digits and dashes, and no dots: ' +
    'it becomes the name of a Service',
};
