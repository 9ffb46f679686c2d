import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import Encoder from 'kafkajs/src/protocol/encoder.js';

/** A request as it comes over the wire. */
export interface WireRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  readonly correlationId: number;
  /** What comes after the header, but for the tags of those that have them. */
  readonly body: Buffer;
  /** The connection it came on, for what is no answer. */
  readonly socket: Socket;
}

/** The body of the answer; undefined for none. */
export type Script = (request: WireRequest) => Buffer | undefined;

/** A fake, for what no real broker does: whoever connects is answered as the script says. */
export interface FakeKafkaBroker {
  readonly port: number;
  /** By API key, the requests that came. */
  readonly seen: readonly number[];
  /** How many connections clients have not ended. */
  connections(): number;
  stop(): Promise<void>;
}

export const apiKeys = {
  metadata: 3,
  saslHandshake: 17,
  apiVersions: 18,
  describeAcls: 29,
  deleteAcls: 31,
  describeConfigs: 32,
  describeQuorum: 55,
};

export async function startFakeKafkaBroker(script: Script): Promise<FakeKafkaBroker> {
  const sockets = new Set<Socket>();
  const inUse = new Set<Socket>();
  const seen: number[] = [];
  // A half-open connection is one of the things that a client must be able to leave.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    inUse.add(socket);
    socket.on('error', () => {}).on('end', () => inUse.delete(socket));
    socket.on('close', () => [sockets, inUse].forEach((set) => set.delete(socket)));
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const size = 4 + received.readInt32BE(0);
        const request = readRequest(received.subarray(0, size), socket);
        received = received.subarray(size);
        seen.push(request.apiKey);
        const body = script(request);
        if (body) socket.write(frame(request.correlationId, body));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    connections: () => inUse.size,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function readRequest(bytes: Buffer, socket: Socket): WireRequest {
  const clientIdBytes = Math.max(bytes.readInt16BE(12), 0);
  return {
    body: bytes.subarray(14 + clientIdBytes),
    apiKey: bytes.readInt16BE(4),
    apiVersion: bytes.readInt16BE(6),
    correlationId: bytes.readInt32BE(8),
    socket,
  };
}

function frame(correlationId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length, 0);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, body]);
}

/** An answer to ApiVersions, in the version that is asked for: what is not named is not supported. */
export function apiVersions({ apiVersion }: WireRequest, maxVersions: Readonly<Record<number, number>>): Buffer {
  const encoder = new Encoder().writeInt16(0).writeInt32(Object.keys(maxVersions).length);
  for (const [key, max] of Object.entries(maxVersions)) encoder.writeInt16(Number(key)).writeInt16(0).writeInt16(max);
  if (apiVersion > 0) encoder.writeInt32(0);
  return encoder.buffer;
}

/** An answer to Metadata 12 that names this broker and no topics. */
export function metadataOf({ socket }: WireRequest): Buffer {
  return new Encoder()
    .writeInt8(0) // tags of the header
    .writeInt32(0)
    .writeUVarInt(2)
    .writeInt32(1)
    .writeUVarIntString('127.0.0.1')
    .writeInt32(socket.localPort!)
    .writeUVarInt(0)
    .writeUVarInt(0)
    .writeUVarIntString('fake-cluster')
    .writeInt32(1)
    .writeUVarInt(1)
    .writeUVarInt(0).buffer;
}
