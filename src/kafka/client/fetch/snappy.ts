import { snappyUncompressor } from 'hysnappy';

/** Before blocks of Java's clients: `\x82SNAPPY\0`, and two numbers of 4 bytes, the version and the oldest reader's. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const xerialHeaderBytes = 16;

/** Keeps its memory, which grows with the largest that it has decompressed. */
const uncompress = snappyUncompressor();

/**
 * Snappy as Kafka has it: Java's clients and brokers write blocks, each with its size before it (the format of xerial's
 * snappy-java); others write a single block without any of that.
 *
 * @throws {Error} when it is neither, or holds more than `limit` bytes
 */
export function decompressSnappy(bytes: Buffer, limit: number): Buffer {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return decompressBlock(bytes, limit);
  const blocks: Buffer[] = [];
  let total = 0;
  for (let position = xerialHeaderBytes; position < bytes.length;) {
    const start = position + 4;
    position = start + bytes.readUInt32BE(position);
    if (position > bytes.length) throw new Error('a Snappy stream that ends too soon');
    const block = decompressBlock(bytes.subarray(start, position), limit - total);
    total += block.length;
    blocks.push(block);
  }
  return Buffer.concat(blocks, total);
}

function decompressBlock(block: Buffer, limit: number): Buffer {
  const length = readLength(block);
  if (length > limit) throw new Error('more than the limit');
  const output = uncompress(block, length);
  return Buffer.from(output.buffer, output.byteOffset, output.byteLength);
}

/** Each block begins with how many bytes it holds. */
function readLength(block: Buffer): number {
  let length = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = block.readUInt8(index);
    length += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return length;
  }
  throw new Error('not a Snappy block');
}
