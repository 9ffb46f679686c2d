import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import http, { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import https, { createServer as createTlsServer } from 'node:https';
import { json } from 'node:stream/consumers';
import type { Address, Tls } from './redpanda-yaml.ts';

/** What a listener shows and asks for, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly requestCert: boolean;
  readonly rejectUnauthorized: boolean;
}

/** @throws {Error} when a file is not there */
export async function readTls(tls: Tls | undefined): Promise<TlsFiles | undefined> {
  if (!tls?.enabled) return undefined;
  const files = [tls.cert_file, tls.key_file, tls.truststore_file];
  const [cert = '', key = '', ca = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return { cert, key, ca, requestCert: tls.require_client_auth, rejectUnauthorized: tls.require_client_auth };
}

export async function listenHttp(address: Address, tls: TlsFiles | undefined, serve: RequestListener): Promise<Server> {
  const server: Server = tls ? createTlsServer(tls, serve) : createServer(serve);
  server.listen(address.port, address.address);
  await once(server, 'listening');
  return server;
}

const timeoutMilliseconds = 2_000;

/** Asks another broker for JSON. @throws {Error} when it does not answer, or not with 200 */
export async function ask<Reply>(
  { address, port }: Address,
  tls: TlsFiles | undefined,
  path: string,
  body?: unknown,
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options = {
    ...{ host: address, port, path, method: body === undefined ? 'GET' : 'POST', agent: false },
    signal: AbortSignal.timeout(timeoutMilliseconds),
  };
  const request = tls ? https.request({ ...options, cert: tls.cert, key: tls.key, ca: tls.ca }) : http.request(options);
  request
    .on('response', resolve)
    .on('error', reject)
    .end(body === undefined ? undefined : JSON.stringify(body));
  const response = await promise;
  const answer = await json(response);
  if (response.statusCode !== 200) throw new Error(`${address}:${port}${path} answers ${response.statusCode}`);
  return answer as Reply;
}
