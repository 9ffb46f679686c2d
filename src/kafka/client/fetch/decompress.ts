import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { decompressLz4Frame } from './lz4-frame.ts';
import { decompressSnappy } from './snappy.ts';
import { decompressZstdFrames } from './zstd-frames.ts';

/** @throws {Error} when the bytes are not of this format, or hold more than `limit` bytes */
type Decompress = (bytes: Buffer, limit: number) => Buffer | Promise<Buffer>;

const gunzipped = promisify(gunzip);

/** By the number that a batch of records names its compression with; 0 is none. */
export const decompressors: Readonly<Record<number, Decompress>> = {
  1: (bytes, limit) => gunzipped(bytes, { maxOutputLength: limit }),
  2: decompressSnappy,
  3: decompressLz4Frame,
  4: decompressZstdFrames,
};
