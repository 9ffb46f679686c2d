import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApiServer } from './api-server.ts';

/** How a pod reaches the API server. */
export interface PodAccess {
  readonly url: string;
  /** Holds the token and the certificate of its service account. */
  readonly serviceAccountDirectory: string;
}

/** The API server as a pod sees it, by the token of its service account, which kubelet replaces from time to time. */
export function apiServerOfPod(url: string, directory: string): ApiServer {
  return {
    url,
    readCredentials: async () => {
      const [ca, token] = await Promise.all(['ca.crt', 'token'].map((name) => readFile(join(directory, name), 'utf8')));
      return { tls: { ca }, headers: { authorization: `Bearer ${token!.trim()}` } };
    },
  };
}
