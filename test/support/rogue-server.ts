import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificateAuthority } from '../../localcluster/certificates.ts';
import type { ApiServer } from '../../src/operator/runtime/transport/api-server.ts';

/** Not an API server: it answers as a test says, which no API server would. */
export interface RogueServer {
  readonly apiServer: ApiServer;
  /** Every request that came, as `GET /api/v1/configmaps?limit=500`. */
  readonly seen: readonly string[];
  /** Bytes that were written by `pour`. */
  readonly poured: number;
  stop(): Promise<void>;
}

export interface RogueAnswer {
  readonly response: ServerResponse;
  readonly request: IncomingMessage;
  /** Writes the text again and again, as fast as it is read, until the connection is closed. */
  readonly pour: (text: string) => Promise<void>;
}

export async function startRogueServer(answer: (answer: RogueAnswer) => unknown): Promise<RogueServer> {
  const authority = await createCertificateAuthority('rogue-authority');
  const { certificate, privateKey } = await authority.issue({ commonName: 'rogue', hosts: ['127.0.0.1'] });
  const seen: string[] = [];
  let poured = 0;
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const pour = async (text: string) => {
      const closed = once(response, 'close');
      while (!response.destroyed) {
        poured += text.length;
        if (!response.write(text)) await Promise.race([once(response, 'drain'), closed]);
      }
    };
    answer({ request, response, pour });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const credentials = { tls: { ca: authority.certificate }, headers: { authorization: 'Bearer secret' } };
  return {
    apiServer: { url: `https://127.0.0.1:${port}`, readCredentials: () => Promise.resolve(credentials) },
    seen,
    get poured() {
      return poured;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
