/** How the API server reaches a conversion webhook. */
export type WebhookAddress =
  | {
      /** https, with a host that the certificate names: for a webhook outside the cluster. */
      readonly url: string;
    }
  | {
      readonly service: {
        readonly namespace: string;
        readonly name: string;
        /** 443 when left out. */
        readonly port?: number;
        readonly path?: string;
      };
    };

/** `spec.conversion` of a CustomResourceDefinition. */
export interface CrdConversion {
  readonly strategy: 'Webhook';
  readonly webhook: {
    readonly conversionReviewVersions: readonly ['v1'];
    readonly clientConfig: WebhookAddress & { readonly caBundle: string };
  };
}

/**
 * Has the API server ask a webhook whenever a version is wanted that an object is not stored in.
 *
 * @param authority the certificate of whoever signed the webhook's, PEM
 */
export function webhookConversion(address: WebhookAddress, authority: string): CrdConversion {
  const caBundle = Buffer.from(authority).toString('base64');
  return { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig: { ...address, caBundle } } };
}
