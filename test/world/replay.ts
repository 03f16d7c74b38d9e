import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GenerationEvent, Usage } from '../../src/providers/index.ts';
import type { StreamEncoder } from '../../src/gateway/surface.ts';

/** A local HTTP server that answers every request with what was set last, for replaying bytes through real clients. */
export interface Replay {
  readonly url: string;
  answer(body: string, contentType?: string, status?: number): void;
  close(): Promise<void>;
}

export async function startReplay(): Promise<Replay> {
  let answer = { body: '', contentType: '', status: 200 };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      response.writeHead(answer.status, { 'content-type': answer.contentType, 'x-should-retry': 'false' });
      response.end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    answer(body, contentType = 'text/event-stream', status = 200) {
      answer = { body, contentType, status };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The whole text of a stream whose events come in these batches and end cleanly. */
export function streamText(
  encoder: StreamEncoder,
  batches: readonly (readonly GenerationEvent[])[],
  usage: Usage,
): string {
  return encoder.begin() + batches.map((batch) => encoder.events(batch)).join('') + encoder.end(usage);
}

/** The JSON of each `data:` line, `[DONE]` left out. */
export function framesOf(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice('data: '.length)) as Record<string, unknown>);
}

/** What a promise was rejected with. */
export async function raisedBy(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was not rejected');
}
