import type { AgentOptions } from 'node:https';

/** How the two sides of a connection authenticate each other. */
export interface Credentials {
  readonly tls: Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Address of the API server, and our credentials. */
export interface ApiServer {
  readonly url: string;
  /** Reads them again: tokens and certificates are replaced while a program runs. */
  readCredentials(): Promise<Credentials>;
}
