import { zstdDecompress, type ZstdDecompress } from 'node:zlib';

/**
 * Zstandard as Kafka has it: frames one after another, of which any may be one to skip. Node reads the first of them.
 *
 * @throws {Error} when it is no such frame, ends too soon, or holds more than `limit` bytes
 */
export async function decompressZstdFrames(bytes: Buffer, limit: number): Promise<Buffer> {
  const frames: Buffer[] = [];
  let total = 0;
  for (let position = 0; position < bytes.length;) {
    const { content, length } = await decompressFrame(bytes.subarray(position), limit - total);
    position += length;
    total += content.length;
    frames.push(content);
  }
  const [first] = frames;
  return first && frames.length === 1 ? first : Buffer.concat(frames, total);
}

interface Frame {
  readonly content: Buffer;
  /** Of the frame itself, in bytes. */
  readonly length: number;
}

async function decompressFrame(bytes: Buffer, limit: number): Promise<Frame> {
  // Zero stands for no limit at all.
  const options = { maxOutputLength: Math.max(1, limit), info: true };
  return new Promise((resolve, reject) => {
    zstdDecompress(bytes, options, (error, result) => {
      if (error) return reject(error);
      // Node's types know the option, and not what comes of it.
      const { buffer, engine } = result as unknown as { readonly buffer: Buffer; readonly engine: ZstdDecompress };
      if (engine.bytesWritten === 0) return reject(new Error('no Zstandard frame'));
      resolve({ content: buffer, length: engine.bytesWritten });
    });
  });
}
