import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { json } from 'node:stream/consumers';
import type { ClientIdentity } from './https-probe.ts';

/** Has etcd forget every version but the newest: https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway */
export async function compactEtcd(url: string, identity: ClientIdentity): Promise<void> {
  const key = Buffer.from('\0').toString('base64');
  const { header } = (await post(`${url}/v3/kv/range`, identity, { key, limit: 1 })) as {
    readonly header: { readonly revision: string };
  };
  await post(`${url}/v3/kv/compaction`, identity, { revision: header.revision });
}

async function post(url: string, identity: ClientIdentity, body: object): Promise<unknown> {
  const sent = request(url, { ...identity, method: 'POST', agent: false });
  sent.end(JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const answer = await json(response);
  if (response.statusCode === 200) return answer;
  throw new Error(`etcd answered ${response.statusCode} to POST ${url}: ${JSON.stringify(answer)}`);
}
