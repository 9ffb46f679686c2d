import type { V1PodSpec } from '@kubernetes/client-node';

/** What a test needs of a Secret. */
export interface SecretFiles {
  readonly metadata?: { readonly name?: string | undefined } | undefined;
  readonly data?: Readonly<Record<string, string>> | undefined;
}

/**
 * The text of a file that a container reads, as the kubelet mounts it from Secrets.
 *
 * @throws {Error} as a program does that cannot open it
 */
export function fileIn(pod: V1PodSpec, containerName: string, path: string, secrets: readonly SecretFiles[]): string {
  const container = pod.containers.find(({ name }) => name === containerName);
  const mount = container?.volumeMounts?.find(({ mountPath }) => path.startsWith(`${mountPath}/`));
  const volume = pod.volumes?.find(({ name }) => name === mount?.name);
  const file = path.slice((mount?.mountPath.length ?? 0) + 1);
  const found = (volume?.projected?.sources ?? []).flatMap(({ secret }) => {
    const data = secrets.find(({ metadata }) => metadata?.name === secret?.name)?.data ?? {};
    const key = secret?.items ? secret.items.find((item) => item.path === file)?.key : file;
    return key !== undefined && data[key] !== undefined ? [data[key]] : [];
  });
  if (found[0] === undefined) throw new Error(`${path}: no such file or directory`);
  return Buffer.from(found[0], 'base64').toString();
}
