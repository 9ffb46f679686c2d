import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { apiKeys, isKnown } from './kafka-apis.ts';
import { callAllInSync, hideApis, refuseEvenFactors, requestHeader } from './kafka-messages.ts';
import type { Address } from './redpanda-yaml.ts';

export interface KafkaListenerOptions {
  readonly listen: Address;
  /** Where Apache Kafka listens in its place. */
  readonly beneath: Address;
  readonly tls?: TlsOptions | undefined;
  /** Whether a client may come in, by the subject of its certificate: CN=name. */
  readonly admits?: ((subject: string) => boolean) | undefined;
}

/** A listener of the Kafka API: what comes in goes on to Apache Kafka, by the rules that Redpanda has beyond it. */
export async function listenToClients({ listen, beneath, tls, admits }: KafkaListenerOptions): Promise<Server> {
  const accept = (client: Socket) => {
    if (admits && !admits(`CN=${(client as TLSSocket).getPeerCertificate().subject?.CN?.toString()}`)) client.destroy();
    else relay(client, connect(beneath.port, beneath.address));
  };
  const server = tls ? createTlsServer(tls, accept) : createServer(accept);
  server.on('tlsClientError', () => {});
  server.listen(listen.port, listen.address);
  await once(server, 'listening');
  return server;
}

function relay(client: Socket, broker: Socket): void {
  /** Requests whose answers are to be changed. */
  const asked = new Map<number, (answer: Buffer) => Buffer>();
  const end = () => {
    client.destroy();
    broker.destroy();
  };
  for (const socket of [client, broker]) {
    socket.setNoDelay(true);
    socket.on('error', end).on('close', end);
  }
  forEachMessage(client, broker, (request) => {
    const { apiKey, version, correlationId } = requestHeader(request);
    if (!isKnown(apiKey, version)) {
      end();
      return undefined;
    }
    if (apiKey === apiKeys.metadata) asked.set(correlationId, (answer) => callAllInSync(answer, version));
    if (apiKey === apiKeys.apiVersions) asked.set(correlationId, (answer) => hideApis(answer, version));
    return apiKey === apiKeys.createTopics ? refuseEvenFactors(request) : request;
  });
  forEachMessage(broker, client, (answer) => {
    const correlationId = answer.readInt32BE(0);
    const change = asked.get(correlationId);
    asked.delete(correlationId);
    return change ? change(answer) : answer;
  });
}

const sizeBytes = 4;

/** Takes the messages of one socket, and writes what becomes of each to the other. */
function forEachMessage(from: Socket, to: Socket, change: (message: Buffer) => Buffer | undefined): void {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let wanted = sizeBytes;
  from.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < wanted) return;
    let all = Buffer.concat(waiting);
    while (all.length >= sizeBytes && all.length >= sizeBytes + all.readInt32BE(0)) {
      const end = sizeBytes + all.readInt32BE(0);
      const message = change(all.subarray(sizeBytes, end));
      all = all.subarray(end);
      if (!message) continue;
      const size = Buffer.alloc(sizeBytes);
      size.writeInt32BE(message.length);
      to.write(size);
      if (!to.write(message)) pauseUntilDrained(from, to);
    }
    waiting = [all];
    bytes = all.length;
    wanted = all.length >= sizeBytes ? sizeBytes + all.readInt32BE(0) : sizeBytes;
  });
}

function pauseUntilDrained(from: Socket, to: Socket): void {
  from.pause();
  to.once('drain', () => from.resume());
}
