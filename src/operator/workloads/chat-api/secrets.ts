import type { ChatApi } from '../../../api/chat-api.ts';
import { databaseSecret } from '../requirements.ts';
import type { SecretReference } from '../../brokers/user-secrets.ts';

/** The Secrets that a ChatApi names, all in its own namespace. */
export function chatApiSecrets({ spec }: ChatApi): SecretReference[] {
  const { databaseSecretRef, auth, oidc, webPush, llm } = spec;
  return [
    databaseSecret(databaseSecretRef),
    {
      name: auth.tokensSecretRef.name,
      keys: [],
      field: 'spec.auth.tokensSecretRef',
      fix: "Create it with a key for each user: the user's name, and as its value the user's token.",
    },
    ...(oidc?.caSecretRef
      ? [
          {
            name: oidc.caSecretRef.name,
            keys: [oidc.caSecretRef.key],
            field: 'spec.oidc.caSecretRef',
            fix: 'Create it with the CA of the issuer, in PEM, or remove the field if a public CA signed its certificate.',
          },
        ]
      : []),
    ...(webPush
      ? [
          {
            name: webPush.keysSecretRef.name,
            keys: [webPush.keysSecretRef.publicKey, webPush.keysSecretRef.privateKey],
            field: 'spec.webPush.keysSecretRef',
            fix: 'Create it with the keys that `npx web-push generate-vapid-keys` prints, or remove spec.webPush.',
          },
        ]
      : []),
    ...(llm?.apiKeySecretRef
      ? [
          {
            name: llm.apiKeySecretRef.name,
            keys: [llm.apiKeySecretRef.key],
            field: 'spec.llm.apiKeySecretRef',
            fix: 'Create it with the API key of the language model, or remove the field if none is needed.',
          },
        ]
      : []),
  ];
}
