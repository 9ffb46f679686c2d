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

export const immutable = (field: string, mend: string) =>
  rules({ rule: 'self == oldSelf', message: `${field} cannot be changed: ${mend}` });
