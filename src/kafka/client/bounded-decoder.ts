import Decoder from 'kafkajs/src/protocol/decoder.js';
import { ExpectedError } from '../../lib/errors.ts';
import type { KafkaErrorCode } from '../errors.ts';

type Read<Item> = (decoder: Decoder) => Item;

/**
 * kafkajs makes an array of any length that an answer announces, reads on behind its end, and takes the length of a tag
 * for one too long. These methods are the same but for that: each item takes a byte at least, so that an answer holds no
 * more items than it has bytes.
 */
export function boundDecoder(): void {
  Object.assign(Decoder.prototype, { readArray, readArrayAsync, readVarIntArray, readUVarIntArray, readTaggedFields });
}

function readArray<Item>(this: Decoder, read: Read<Item>): Item[] {
  return readItems(this, this.readInt32(), read);
}

function readVarIntArray<Item>(this: Decoder, read: Read<Item>): Item[] {
  return readItems(this, this.readVarInt(), read);
}

/** Its length comes with one added, or is 0 for null. */
function readUVarIntArray<Item>(this: Decoder, read: Read<Item>): Item[] | null {
  const length = this.readUVarInt();
  return length === 0 ? null : readItems(this, length - 1, read);
}

async function readArrayAsync<Item>(this: Decoder, read: Read<Promise<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  for (const length = checkLength(this, this.readInt32()); items.length < length; checkEnd(this))
    items.push(await read(this));
  return items;
}

function readTaggedFields(this: Decoder): null {
  const count = checkLength(this, this.readUVarInt());
  for (let read = 0; read < count; read += 1, checkEnd(this)) {
    this.readUVarInt(); // the tag
    this.offset += this.readUVarInt();
  }
  return null;
}

function readItems<Item>(decoder: Decoder, length: number, read: Read<Item>): Item[] {
  const items: Item[] = [];
  for (checkLength(decoder, length); items.length < length; checkEnd(decoder)) items.push(read(decoder));
  return items;
}

const nullLength = -1;

function checkLength({ buffer, offset }: Decoder, length: number): number {
  if (length < nullLength || length > buffer.length - offset) throw tooShort();
  return length;
}

function checkEnd({ buffer, offset }: Decoder): void {
  if (offset > buffer.length) throw tooShort();
}

const tooShort = () =>
  new ExpectedError<KafkaErrorCode>('AnswerIncomplete', "The broker's answer holds less than it announces", {
    retryable: true,
  });
