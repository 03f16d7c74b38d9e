import { connect, type Socket } from 'node:net';

/** An answer whose end the caller saw: the whole body, or the format's own end of a stream. */
export interface Acknowledged {
  readonly id: string;
  readonly status: number;
}

export interface Load {
  /** In the order in which their ends were seen. */
  readonly acknowledged: readonly Acknowledged[];
  /** Whole answers that say that nothing can be recorded (503): their requests have no record. */
  readonly unrecorded: readonly { readonly id: string; readonly body: string }[];
  /** Every id in a head that was read, the acknowledged ones included and the unrecorded left out. */
  readonly seen: ReadonlySet<string>;
  /** Acknowledged answers to requests with an `Idempotency-Key`, to be asked for again. */
  readonly named: readonly Named[];
  /** Requests that were asked again and got another answer than the one acknowledged. */
  readonly notRepeated: readonly string[];
  /** Callers that hung up on purpose. */
  readonly aborted: () => number;
  /** Answers that ended with their connection, before their own end. */
  readonly brokenOff: () => number;
  /** Resolves when every caller has stopped; they stop by themselves once the server is gone. */
  stop(): Promise<void>;
}

const STORAGE_UNAVAILABLE = 503;

/** A request with an `Idempotency-Key`, and the id it was first answered under. */
export interface Named {
  readonly shot: Shot;
  readonly id: string;
}

export interface LoadOptions {
  readonly draw?: (key: string) => Shot;
  /** Asked before anything else: each must be answered as it was the first time. */
  readonly again?: readonly Named[];
}

interface Shot {
  readonly path: string;
  readonly body: string;
  readonly key: string;
  /** What a stream's clean end contains; null where the answer comes in one piece. */
  readonly endMark: string | null;
  /** Hangs up after so many milliseconds. */
  readonly abortMs: number | null;
  /** The `Idempotency-Key`; null sends none. */
  readonly name: string | null;
}

/** Callers on bare sockets, each sending one request after the other on a connection it keeps. */
export function startLoad(url: string, key: string, connections: number, options: LoadOptions = {}): Load {
  const port = Number(new URL(url).port);
  const acknowledged: Acknowledged[] = [];
  const { draw = drawShot } = options;
  const again = [...(options.again ?? [])];
  const named: Named[] = [];
  const notRepeated: string[] = [];
  const unrecorded: { id: string; body: string }[] = [];
  const seen = new Set<string>();
  let aborted = 0;
  let brokenOff = 0;
  let stopped = false;

  async function call(): Promise<void> {
    let socket: Socket | null = null;
    while (!stopped) {
      socket = socket && !socket.destroyed ? socket : await dial(port);
      if (socket === null) return;
      const first = again.shift();
      const shot = first?.shot ?? draw(key);
      await fire(socket, shot, first?.id ?? null);
      if (shot.abortMs !== null) aborted++;
    }
    socket?.destroy();
  }

  /** One request and its answer; resolves when the answer has ended or the connection has. */
  function fire(socket: Socket, shot: Shot, firstId: string | null): Promise<void> {
    return new Promise((resolve) => {
      let text = '';
      let noted = false;
      const leave = shot.abortMs === null ? null : setTimeout(() => socket.destroy(), shot.abortMs);
      function onData(chunk: Buffer): void {
        text += chunk.toString('latin1');
        const answer = readAnswer(text, shot.endMark);
        if (answer === null) return;
        if (answer.status !== STORAGE_UNAVAILABLE) seen.add(answer.id);
        if (answer.acknowledged && !noted) {
          noted = true;
          note(answer, shot, firstId, text);
        }
        if (answer.over) done();
      }
      function broken(): void {
        if (shot.abortMs === null) brokenOff++;
        done();
      }
      function done(): void {
        if (leave) clearTimeout(leave);
        socket.off('data', onData);
        socket.off('close', broken);
        resolve();
      }
      socket.on('data', onData);
      socket.on('close', broken);
      socket.write(requestText(shot));
    });
  }

  function note({ id, status, originalId }: ReadAnswer, shot: Shot, firstId: string | null, text: string): void {
    if (status === STORAGE_UNAVAILABLE) return void unrecorded.push({ id, body: text });
    acknowledged.push({ id, status });
    if (firstId !== null && originalId !== firstId) notRepeated.push(`${id} does not repeat ${firstId}`);
    else if (firstId === null && shot.name !== null && status === 200) named.push({ shot, id });
  }

  const callers = Array.from({ length: connections }, call);
  return {
    acknowledged,
    unrecorded,
    named,
    notRepeated,
    seen,
    aborted: () => aborted,
    brokenOff: () => brokenOff,
    async stop() {
      stopped = true;
      await Promise.all(callers);
    },
  };
}

/** Null when nobody listens (any more). */
function dial(port: number): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.setNoDelay(true);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => resolve(null));
  });
}

function requestText({ path, body, key, name }: Shot): string {
  const length = `content-length: ${Buffer.byteLength(body)}${name === null ? '' : `\r\nidempotency-key: ${name}`}`;
  const headers = `host: 127.0.0.1\r\nauthorization: Bearer ${key}\r\n${length}`;
  return `POST ${path} HTTP/1.1\r\n${headers}\r\n\r\n${body}`;
}

interface ReadAnswer {
  readonly id: string;
  readonly status: number;
  /** The request whose answer this repeats; null when it is the first. */
  readonly originalId: string | null;
  readonly acknowledged: boolean;
  /** Nothing more comes; the connection can be used again. */
  readonly over: boolean;
}

/** What the bytes so far say; null before the head is whole. */
function readAnswer(text: string, endMark: string | null): ReadAnswer | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = text.slice(0, headEnd);
  const id = /\r\nx-request-id: (\S+)/i.exec(head)?.[1] ?? '';
  const status = Number(head.slice(9, 12));
  const originalId = /\r\nidempotency-original-request: (\S+)/i.exec(head)?.[1] ?? null;
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  const bodyAt = headEnd + 4;
  const over = length === undefined ? text.endsWith('\r\n0\r\n\r\n') : text.length - bodyAt >= Number(length);
  const marked = status === 200 && endMark !== null ? text.includes(endMark, bodyAt) : over;
  return { id, status, originalId, acknowledged: marked, over };
}

const MESSAGES = [{ role: 'user', content: 'Say something in 12 words' }];
const STREAMS: readonly (readonly [path: string, ask: object, endMark: string])[] = [
  ['/v1/chat/completions', { messages: MESSAGES }, 'data: [DONE]'],
  ['/v1/responses', { input: 'Say something in 12 words' }, '"type":"response.completed"'],
  ['/v1/messages', { messages: MESSAGES, max_tokens: 100 }, '"type":"message_stop"'],
];

/** Longer than what is first set aside for a stream, and than the pieces in which its progress is noted. */
const LONG_MESSAGES = [{ role: 'user', content: 'Say something in 700 words' }];

/** A mixture: plain, streamed, long, refused and aborted requests, over a real upstream and the demo. */
function drawShot(key: string): Shot {
  const draw = Math.random();
  const model = Math.random() < 0.5 ? 'up' : 'demo';
  const plain: Shot = { ...shotOf('/v1/chat/completions', { model, messages: MESSAGES }, null), key };
  if (draw < 0.05) return { ...plain, name: crypto.randomUUID() };
  if (draw < 0.35) return plain;
  if (draw < 0.45) return { ...shotOf('/v1/embeddings', { model: 'demo', input: 'words' }, null), key };
  if (draw < 0.5) return { ...streamOf(model), key, name: crypto.randomUUID() };
  if (draw < 0.72) return { ...streamOf(model), key };
  if (draw < 0.75) {
    const ask = { model: 'demo', messages: LONG_MESSAGES, stream: true };
    return { ...shotOf('/v1/chat/completions', ask, 'data: [DONE]'), key };
  }
  if (draw < 0.8) return { ...plain, key: 'cd_live_nobody' };
  if (draw < 0.85) return { ...plain, body: '{"model":' };
  if (draw < 0.9) return { ...shotOf('/v1/chat/completions', { model: 'none', messages: MESSAGES }, null), key };
  return { ...streamOf('slow'), key, abortMs: Math.random() * 60 };
}

/** A whole answer that takes a minute: unlike a stream's, its hold is never extended. */
export function drawLongAnswer(key: string): Shot {
  const ask = { model: 'slow', messages: [{ role: 'user', content: 'Say something in 6000 words' }] };
  return { ...shotOf('/v1/chat/completions', ask, null), key };
}

function streamOf(model: string): Omit<Shot, 'key'> {
  const [path, ask, endMark] = STREAMS[Math.floor(Math.random() * STREAMS.length)] ?? ['', {}, ''];
  return shotOf(path, { ...ask, model, stream: true }, endMark);
}

function shotOf(path: string, ask: object, endMark: string | null): Omit<Shot, 'key'> {
  return { path, body: JSON.stringify(ask), endMark, abortMs: null, name: null };
}
