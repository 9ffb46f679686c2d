import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';

/** What the Pod Security Standard "restricted" asks of a pod. Volumes belong to the user's own group. */
export function restrictedPod(user: number): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    // A broker's volume can hold a million files: it is gone through only when its root does not fit.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** The same for a container, and a root file system that nothing can be written to. */
export const restrictedContainer: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};
