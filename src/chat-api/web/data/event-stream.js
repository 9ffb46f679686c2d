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
  // Safari has streams for longer than it can iterate over them.
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      onChunk();
      const blocks = (text + read.value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = new Map(block.split('\n').map((line) => split(line)));
        const data = fields.get('data');
        if (data) yield { id: fields.get('id') ?? '', event: fields.get('event') ?? '', data: JSON.parse(data) };
      }
    }
  } finally {
    void reader.cancel().catch(() => {}); // one that was cut has told so
  }
}

/** @param {string} line @returns {[string, string]} */
function split(line) {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
}
