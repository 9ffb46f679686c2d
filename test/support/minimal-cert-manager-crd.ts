const text = { type: 'string' };
const texts = { type: 'array', items: text };
const oneOf = (...values: readonly string[]) => ({ type: 'string', enum: values });
const object = (properties: object, ...required: readonly string[]) => ({
  type: 'object',
  properties,
  ...(required.length > 0 && { required }),
});

const spec = object(
  {
    secretName: text,
    issuerRef: object({ name: text, kind: text, group: text }, 'name'),
    dnsNames: texts,
    ipAddresses: texts,
    usages: { type: 'array', items: oneOf('digital signature', 'key encipherment', 'server auth', 'client auth') },
    privateKey: object({
      algorithm: oneOf('RSA', 'ECDSA', 'Ed25519'),
      encoding: oneOf('PKCS1', 'PKCS8'),
      rotationPolicy: oneOf('Never', 'Always'),
      size: { type: 'integer' },
    }),
  },
  'secretName',
  'issuerRef',
);

const condition = object({ type: text, status: text, reason: text, message: text }, 'type', 'status');

/**
 * A minimal CRD in place of cert-manager's: the fields of a Certificate that the operator uses, by the names and values
 * that cert-manager's documentation gives them. Whatever else is sent is dropped.
 */
export const minimalCertManagerCrd = {
  metadata: { name: 'certificates.cert-manager.io' },
  spec: {
    group: 'cert-manager.io',
    scope: 'Namespaced',
    names: { kind: 'Certificate', plural: 'certificates' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: object({ spec, status: object({ conditions: { type: 'array', items: condition } }) }),
        },
      },
    ],
  },
};
