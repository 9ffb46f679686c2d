/**
 * Reads a body as UTF-8 text, as far as it is no longer than that. Leaving it before its end closes its connection.
 *
 * @throws {Error} that `tooLong` makes, as soon as there are more bytes
 */
export async function readText(
  body: AsyncIterable<Uint8Array>,
  longestBytes: number,
  tooLong = () => new Error(`the answer has more than ${longestBytes} bytes`),
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > longestBytes) throw tooLong();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length).toString();
}
