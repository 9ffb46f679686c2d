import { customResourceDefinition } from '../api/custom-resource-definition.ts';
import { kinds } from '../api/kinds.ts';
import type { Logger } from '../lib/log.ts';
import type { HttpTransport } from './runtime/transport/http-transport.ts';

export interface ApplyCrdsOptions {
  readonly transport: Pick<HttpTransport, 'send'>;
  readonly logger: Logger;
}

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
/** Whoever wrote a CRD before, Helm or a person with kubectl, it becomes what this release has. */
const query = { fieldManager: 'kafka-events-crds', force: 'true' };

/**
 * Brings the CRDs of a cluster to those of this release, by server-side apply; what others added to their labels and
 * annotations stays. Objects stay as they are: a release reads what earlier ones have stored.
 *
 * @throws {ExpectedError} with a KubernetesErrorCode
 */
export async function applyCrds({ transport, logger }: ApplyCrdsOptions): Promise<void> {
  for (const body of kinds.map(customResourceDefinition)) {
    const { name } = body.metadata;
    const contentType = 'application/apply-patch+yaml';
    await transport.send({ method: 'PATCH', path: `${path}/${name}`, query, body, contentType });
    logger.info({ crd: name }, 'Applied');
  }
}
