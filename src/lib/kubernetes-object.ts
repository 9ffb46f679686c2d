/** What the API server keeps about every object; times are RFC 3339 text, as on the wire. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Counts changes of the spec; absent on the few built-in kinds that have none. */
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
  /** Who wrote which fields; nobody keeps it in memory. */
  readonly managedFields?: readonly { readonly manager?: string; readonly fieldsV1?: object }[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** An object of a custom kind, as the API server answers it: checked against the CRD, defaults filled in. */
export interface Resource<Spec, Status> {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: Spec;
  readonly status?: Status;
}

/** metav1.Condition. */
export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  /** One CamelCase word. */
  readonly reason: string;
  readonly message: string;
  /** Generation of the spec that it describes. */
  readonly observedGeneration?: number | undefined;
  /** When the status last flipped. */
  readonly lastTransitionTime: string;
}
