import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Key } from '../../src/operator/runtime/objects.ts';
import type { Kubernetes } from './kubernetes.ts';

/** Writes a kubeconfig whose user is a ServiceAccount, by a token as its pods get one. Answers the file. */
export async function serviceAccountKubeconfig({ transport, controlPlane }: Kubernetes, account: Key): Promise<string> {
  const { namespace, name } = account;
  const token = await requestToken({ transport }, account);
  const kubeconfig = parse(controlPlane.kubeconfig) as Kubeconfig;
  const users = kubeconfig.users.map((user) => ({ ...user, user: { token } }));
  const file = join(dirname(controlPlane.kubeconfigFile), `${namespace}-${name}.kubeconfig`);
  await writeFile(file, stringify({ ...kubeconfig, users }));
  return file;
}

/** A token as kubelet gets one for the pods of a ServiceAccount; it is good for an hour. */
export async function requestToken({ transport }: Pick<Kubernetes, 'transport'>, account: Key): Promise<string> {
  const path = `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`;
  const { status } = (await transport.send({ method: 'POST', path, body: { spec: {} } })) as TokenRequest;
  return status.token;
}

interface TokenRequest {
  readonly status: { readonly token: string };
}

interface Kubeconfig {
  readonly users: readonly { readonly name: string }[];
}

/** What a ServiceAccount asked of the API server, as the audit log tells it. */
export interface AskedRight {
  /** `patch eventtopics/status.kafka-events.dev`; one that an apply had to create is there as `create`, too. */
  readonly right: string;
  readonly namespace: string;
  readonly allowed: boolean;
}

/** @throws when the control plane was not started with audit */
export async function askedRights({ controlPlane }: Kubernetes, { namespace, name }: Key): Promise<AskedRight[]> {
  const text = await readFile(controlPlane.auditLogFile!, 'utf8');
  const user = `system:serviceaccount:${namespace}:${name}`;
  return text
    .split('\n')
    .filter((line) => line.includes(`"${user}"`))
    .map((line) => JSON.parse(line) as AuditEvent)
    .flatMap(rightsOf);
}

interface AuditEvent {
  readonly verb: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code?: number; readonly message?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}

function rightsOf({ verb, objectRef, responseStatus, annotations }: AuditEvent): AskedRight[] {
  if (!objectRef) return [];
  const { apiGroup = '', resource, subresource, namespace = '' } = objectRef;
  // An apply that would create is refused later, when its own right was allowed; what is invalid is "forbidden", too.
  const denied = responseStatus?.code === 403 && / cannot \w+ resource /.test(responseStatus.message ?? '');
  const allowed = annotations?.['authorization.k8s.io/decision'] === 'allow' && !denied;
  const verbs = verb === 'patch' && responseStatus?.code === 201 ? [verb, 'create'] : [verb];
  return verbs.map((word) => ({ right: rightText(word, apiGroup, resource, subresource), namespace, allowed }));
}

/** A right in one text: verb, resource, group. */
export function rightText(verb: string, group: string, resource: string, subresource?: string): string {
  return `${verb} ${resource}${subresource ? `/${subresource}` : ''}${group ? `.${group}` : ''}`;
}
