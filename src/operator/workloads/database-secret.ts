import type { SecretReference } from '../brokers/user-secrets.ts';

/** Where both workloads find their database. */
export const databaseSecret = ({ name, key }: { readonly name: string; readonly key: string }): SecretReference => ({
  name,
  keys: [key],
  field: 'spec.databaseSecretRef',
  mend: `Create it with a PostgreSQL connection URI under the key ${key}.`,
});
