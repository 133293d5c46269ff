/** Server-sent events from a `fetch`, since an `EventSource` sends no token. */

/** The data of each event, until the server ends the stream or the loop is left. */
export async function* eventsOf(response: Response): AsyncGenerator<string, void, undefined> {
  // Not every browser lets a loop read a stream.
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const data = block.split('\n').filter((line) => line.startsWith('data:'));
        if (data.length) yield data.map((line) => line.slice(5).trimStart()).join('\n');
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}
