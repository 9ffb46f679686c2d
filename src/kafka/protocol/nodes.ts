import type Decoder from 'kafkajs/src/protocol/decoder.js';
import type Encoder from 'kafkajs/src/protocol/encoder.js';

/** A list of broker ids, as flexible versions of requests write it: its length and one come first, or 0 for null. */
export function encodeNodes(encoder: Encoder, nodes: readonly number[] | null): void {
  encoder.writeUVarInt(nodes ? nodes.length + 1 : 0);
  for (const node of nodes ?? []) encoder.writeInt32(node);
}

export function decodeNodes(decoder: Decoder): number[] {
  return decoder.readUVarIntArray((nodes) => nodes.readInt32()) ?? [];
}
