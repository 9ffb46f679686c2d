import type { AgentOptions } from 'node:https';

/** What makes the two sides of a connection trust one another. */
export interface Credentials {
  readonly tls: Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>;
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the API server is, and what it knows us by. */
export interface ApiServer {
  readonly url: string;
  /** Reads them anew: tokens and certificates are replaced while a program runs. */
  readCredentials(): Promise<Credentials>;
}
