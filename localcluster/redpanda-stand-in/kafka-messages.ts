import { highestVersion } from './kafka-apis.ts';

/*
 * Messages of Kafka's protocol, without the size before them, changed to what Redpanda says. Offsets and layouts are those
 * of https://kafka.apache.org/protocol in versions without compact lengths, but for ApiVersions.
 */

/** Reads a message from one field to the next. */
class Fields {
  readonly #message: Buffer;
  at: number;

  constructor(message: Buffer, at: number) {
    this.#message = message;
    this.at = at;
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  int16(): number {
    this.at += 2;
    return this.#message.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.#message.readInt32BE(this.at - 4);
  }

  /** Of a text or of bytes, null included. */
  text(): void {
    const length = this.int16();
    this.at += Math.max(0, length);
  }

  each(work: () => void): void {
    for (let left = this.int32(); left > 0; left -= 1) work();
  }

  /** Runs on a part, and answers it. */
  part(work: () => void): Buffer {
    const start = this.at;
    work();
    return this.#message.subarray(start, this.at);
  }

  rest(): Buffer {
    return this.#message.subarray(this.at);
  }
}

/** What every request begins with. */
export interface RequestHeader {
  readonly apiKey: number;
  readonly version: number;
  readonly correlationId: number;
}

export const requestHeader = (request: Buffer): RequestHeader => ({
  apiKey: request.readInt16BE(0),
  version: request.readInt16BE(2),
  correlationId: request.readInt32BE(4),
});

const replicationFactorRefused = 0;

/**
 * Redpanda takes odd replication factors only. An even one becomes one that Apache Kafka refuses with the same error,
 * INVALID_REPLICATION_FACTOR, for this topic alone. One that follows from a list of brokers slips past Redpanda's check.
 */
export function refuseEvenFactors(createTopics: Buffer): Buffer {
  const request = Buffer.from(createTopics);
  const fields = new Fields(request, 8);
  fields.text(); // client id
  fields.each(() => {
    fields.text(); // name
    fields.skip(4); // partitions
    const at = fields.at;
    const factor = fields.int16();
    if (factor > 0 && factor % 2 === 0) request.writeInt16BE(replicationFactorRefused, at);
    fields.each(() => {
      fields.skip(4); // partition
      fields.each(() => fields.skip(4)); // broker
    });
    fields.each(() => {
      fields.text(); // config
      fields.text(); // its value
    });
  });
  return request;
}

/** To Redpanda, all replicas are in sync, always: only its admin API knows better. */
export function callAllInSync(metadata: Buffer, version: number): Buffer {
  const fields = new Fields(metadata, 0);
  const parts: Buffer[] = [];
  const copy = (work: () => void) => parts.push(fields.part(work));
  const nodes = () => fields.each(() => fields.skip(4));
  const count = (): number => {
    let counted = 0;
    copy(() => (counted = fields.int32()));
    return counted;
  };
  copy(() => {
    fields.skip(4); // correlation id
    if (version >= 3) fields.skip(4); // throttle time
    fields.each(() => {
      fields.skip(4); // node id
      fields.text(); // host
      fields.skip(4); // port
      if (version >= 1) fields.text(); // rack
    });
    if (version >= 2) fields.text(); // cluster id
    if (version >= 1) fields.skip(4); // controller id
  });
  for (let topics = count(); topics > 0; topics -= 1) {
    copy(() => {
      fields.skip(2); // error
      fields.text(); // name
      if (version >= 1) fields.skip(1); // is internal
    });
    for (let partitions = count(); partitions > 0; partitions -= 1) {
      copy(() => fields.skip(version >= 7 ? 14 : 10)); // error, number, leader, its epoch
      const replicas = fields.part(nodes);
      fields.part(nodes); // those in sync
      parts.push(replicas, replicas);
      if (version >= 5) copy(nodes); // offline
    }
  }
  return Buffer.concat([...parts, fields.rest()]);
}

/** Leaves out requests, and versions of them, that Redpanda does not know. */
export function hideApis(apiVersions: Buffer, version: number): Buffer {
  const isCompact = version >= 3;
  const fields = new Fields(apiVersions, 0);
  const head = fields.part(() => fields.skip(6)); // correlation id, error
  // Of a version that Kafka does not know, the answer is of another layout, after which the client asks again.
  if (head.readInt16BE(4) !== 0) return apiVersions;
  // With compact lengths, the number is one more, and of Kafka's 70 to 90 requests it is one byte.
  const number = isCompact ? apiVersions.readUInt8(fields.at) - 1 : apiVersions.readInt32BE(fields.at);
  fields.skip(isCompact ? 1 : 4);
  const entries: Buffer[] = [];
  for (let left = number; left > 0; left -= 1) {
    const entry = Buffer.from(fields.part(() => fields.skip(isCompact ? 7 : 6)));
    const highest = highestVersion(entry.readInt16BE(0));
    if (highest === undefined || entry.readInt16BE(2) > highest) continue;
    entry.writeInt16BE(Math.min(highest, entry.readInt16BE(4)), 4);
    entries.push(entry);
  }
  const length = Buffer.alloc(isCompact ? 1 : 4);
  if (isCompact) length.writeUInt8(entries.length + 1);
  else length.writeInt32BE(entries.length);
  return Buffer.concat([head, length, ...entries, fields.rest()]);
}
