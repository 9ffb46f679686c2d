/*
 * LZ4 as Kafka has it: one frame of independent blocks (KIP-57). No package decompresses it with a limit on the output
 * and survives a frame that is broken, so it stands here; the format is the one of lz4_Frame_format.md and
 * lz4_Block_format.md.
 */

const magic = 0x184d2204;
const independentBlocks = 0x20;
const blockChecksums = 0x10;
const contentSize = 0x08;
const dictionaryId = 0x01;
const uncompressed = 0x8000_0000;
/** By the number of the frame's descriptor. */
const blockSizes: Readonly<Record<number, number>> = { 4: 2 ** 16, 5: 2 ** 18, 6: 2 ** 20, 7: 2 ** 22 };

/** @throws {Error} when it is no such frame, or holds more than `limit` bytes */
export function decompressLz4Frame(frame: Buffer, limit: number): Buffer {
  if (frame.readUInt32LE(0) !== magic) throw new Error('not an LZ4 frame');
  const flags = frame.readUInt8(4);
  const blockSize = blockSizes[(frame.readUInt8(5) >> 4) & 7];
  if (blockSize === undefined) throw new Error('an LZ4 frame with blocks of no known size');
  if (!(flags & independentBlocks)) throw new Error('an LZ4 frame whose blocks depend on each other');
  let position = 7 + (flags & contentSize ? 8 : 0) + (flags & dictionaryId ? 4 : 0);
  const blocks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const header = frame.readUInt32LE(position);
    if (header === 0) return Buffer.concat(blocks, total);
    const start = position + 4;
    const end = start + (header & ~uncompressed);
    if (end > frame.length) throw endsTooSoon();
    const source = frame.subarray(start, end);
    const block = header >= uncompressed ? source : decompressBlock(source, Math.min(blockSize, limit - total));
    total += block.length;
    if (total > limit) throw tooLarge();
    blocks.push(block);
    position = end + (flags & blockChecksums ? 4 : 0);
  }
}

const smallestMatch = 4;
/** A length that does not fit into its half of the token goes on in the bytes that follow. */
const inToken = 15;

function decompressBlock(source: Buffer, limit: number): Buffer {
  const target = Buffer.allocUnsafe(limit);
  let from = 0;
  let to = 0;
  const readLength = (begun: number) => {
    let length = begun;
    if (begun < inToken) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (from >= source.length) throw endsTooSoon();
      byte = source[from++]!;
    }
    return length;
  };
  while (from < source.length) {
    const token = source[from++]!;
    const literals = readLength(token >> 4);
    if (from + literals > source.length) throw endsTooSoon();
    if (to + literals > limit) throw tooLarge();
    source.copy(target, to, from, from + literals);
    from += literals;
    to += literals;
    if (from === source.length) break; // the last sequence has literals only
    const offset = source.readUInt16LE(from);
    from += 2;
    const match = readLength(token & inToken) + smallestMatch;
    if (offset === 0 || offset > to) throw new Error('an LZ4 block that points before its beginning');
    if (to + match > limit) throw tooLarge();
    if (offset >= match) target.copyWithin(to, to - offset, to - offset + match);
    // The bytes that are copied may be among those that this copy writes.
    else for (let index = to; index < to + match; index += 1) target[index] = target[index - offset]!;
    to += match;
  }
  return Buffer.from(target.subarray(0, to));
}

const endsTooSoon = () => new Error('an LZ4 frame that ends too soon');
const tooLarge = () => new Error('more than the limit');
