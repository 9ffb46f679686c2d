/** @typedef {{ id: string, event: string, data: unknown }} ServerEvent */

/**
 * The events of an answer as they come. The browser's EventSource can send neither the token nor a message.
 *
 * @param {Response} response
 * @param {() => void} [onChunk] called for all that comes, also between events
 * @returns {AsyncGenerator<ServerEvent>} ends where the stream does, in peace or cut
 */
export async function* readEvents(response, onChunk = () => {}) {
  if (!response.body) return;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    onChunk();
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => split(line)));
      const data = fields.get('data');
      if (data) yield { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) };
    }
  }
}

/** @param {string} line @returns {[string, string]} */
function split(line) {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
