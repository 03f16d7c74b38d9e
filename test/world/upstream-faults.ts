import { gzipSync } from 'node:zlib';
import { type Behaviour, type Exchange, head } from './upstream.ts';
import { type Dialect, playFrames, type Script } from './upstream-script.ts';

/** An error status with the format's own body. */
export function failWith(
  dialect: Dialect,
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Behaviour {
  return (exchange) => exchange.send(status, headers, dialect.errorBody(status, message));
}

export function redirectTo(location: string): Behaviour {
  return (exchange) => exchange.send(302, { location }, '');
}

/** A right answer, compressed though nobody asked; `times` over itself. */
export function compressed(dialect: Dialect, script: Script, times: number): Behaviour {
  return (exchange) => {
    const stream = dialect.asksForStream(exchange.request);
    let bytes: Uint8Array = Buffer.from(
      stream ? dialect.frames(script).join('') : JSON.stringify(dialect.whole(script)),
    );
    for (let at = 0; at < times; at++) bytes = gzipSync(bytes);
    const type = stream ? 'text/event-stream' : 'application/json';
    const encoding = Array.from({ length: times }, () => 'gzip').join(', ');
    return exchange.send(200, { 'content-type': type, 'content-encoding': encoding }, bytes);
  };
}

export const endlessHeaders: Behaviour = async (exchange) => {
  await exchange.write('HTTP/1.1 200 OK\r\n');
  for (let at = 0; await exchange.write(`x-${at}: ${'h'.repeat(1000)}\r\n`); at++) await exchange.pause(0);
};

/** One line that never ends, up to `bytes`. */
export function endlessLine(bytes: number): Behaviour {
  return async (exchange) => {
    await exchange.startStream();
    await exchange.chunk('data: ');
    const piece = 'l'.repeat(64 * 1024);
    for (let sent = 0; sent < bytes; sent += piece.length) {
      if (!(await exchange.chunk(piece))) return;
    }
    await exchange.endStream();
  };
}

/** A body without a length that goes on and on: spaces, which JSON allows, or comments, which streams allow. */
export function endlessBody(dialect: Dialect): Behaviour {
  return async (exchange) => {
    const stream = dialect.asksForStream(exchange.request);
    const piece = stream ? `: ${'c'.repeat(1000)}\n\n`.repeat(64) : ' '.repeat(64 * 1024);
    await exchange.startStream(stream ? {} : { 'content-type': 'application/json' });
    while (await exchange.chunk(piece));
  };
}

/** Bytes that are not UTF-8, in the middle of the text `marker`. */
export function brokenUtf8(dialect: Dialect, script: Script, marker: string): Behaviour {
  return async (exchange) => {
    const stream = dialect.asksForStream(exchange.request);
    const text = stream ? dialect.frames(script).join('') : JSON.stringify(dialect.whole(script));
    const at = text.indexOf(marker) + Math.floor(marker.length / 2);
    const bytes = Buffer.concat([
      Buffer.from(text.slice(0, at)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(text.slice(at)),
    ]);
    await exchange.send(200, { 'content-type': stream ? 'text/event-stream' : 'application/json' }, bytes);
  };
}

/** Half a JSON object, in a frame behind the first ones of a stream or as the whole answer. */
export function brokenJson(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    if (!dialect.asksForStream(exchange.request))
      return exchange.send(200, { 'content-type': 'application/json' }, '{"id":"x');
    await exchange.startStream();
    await playFrames(exchange, [...beginning(dialect, script), 'data: {"id":"x\n\n']);
    await exchange.endStream();
  };
}

export const htmlPage: Behaviour = (exchange) =>
  exchange.send(200, { 'content-type': 'text/html' }, '<!doctype html><title>Sign in</title>');

/** Takes the request and never says a word. */
export const silent: Behaviour = () => undefined;

/** Sends headers, comments to keep the connection alive, and never an answer. */
export const onlyKeepAlive: Behaviour = async (exchange) => {
  await exchange.startStream();
  while (await exchange.chunk(': still here\n\n')) await exchange.pause(20);
};

/** Begins the answer and falls silent. */
export function stallMidway(dialect: Dialect, script: Script): Behaviour {
  return (exchange) => begin(exchange, dialect, script);
}

/** Begins the answer and closes the connection, by FIN or by RST. */
export function dieMidway(dialect: Dialect, script: Script, how: 'destroy' | 'reset'): Behaviour {
  return async (exchange) => {
    await begin(exchange, dialect, script);
    await exchange.pause(20);
    exchange[how]();
  };
}

/** Begins the answer and closes its body properly, without an end in the format's own terms. */
export function endMidway(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    await begin(exchange, dialect, script);
    await exchange.endStream();
  };
}

/** The whole answer without the frames that mark its end. */
export function withoutEnd(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    const frames = dialect.frames(script);
    await exchange.startStream();
    await playFrames(exchange, frames.slice(0, frames.length - dialect.endFrames));
    await exchange.endStream();
  };
}

/** The whole answer, its end twice, and something behind it. */
export function endTwice(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    const frames = dialect.frames(script);
    await exchange.startStream();
    await playFrames(exchange, [...frames, ...frames.slice(frames.length - dialect.endFrames), ': bye\n\n']);
    await exchange.endStream();
  };
}

/** The whole answer on a connection that then stays open. */
export function neverClose(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    await exchange.startStream();
    await playFrames(exchange, dialect.frames(script));
  };
}

/** Begins the answer, then reports an error inside the stream. `atOnce` reports it before anything else. */
export function errorInBand(dialect: Dialect, script: Script, atOnce = false): Behaviour {
  return async (exchange) => {
    if (atOnce) await exchange.startStream();
    else await begin(exchange, dialect, script);
    await exchange.chunk(dialect.errorFrame());
    await exchange.endStream();
  };
}

/** An answer cut off in the middle of a body whose length was announced. */
export function shortBody(dialect: Dialect, script: Script): Behaviour {
  return async (exchange) => {
    const bytes = JSON.stringify(dialect.whole(script));
    await exchange.write(
      `${head(200, { 'content-type': 'application/json', 'content-length': `${bytes.length}` })}\r\n`,
    );
    await exchange.write(bytes.slice(0, bytes.length / 2));
    await exchange.pause(20);
    exchange.destroy();
  };
}

async function begin(exchange: Exchange, dialect: Dialect, script: Script): Promise<void> {
  await exchange.startStream();
  await playFrames(exchange, beginning(dialect, script));
}

/** The frames up to the first that carries output and one more; scripts for this need at least three pieces of text. */
function beginning(dialect: Dialect, script: Script): string[] {
  const frames = dialect.frames(script);
  const pieces = script.choices[0]?.texts ?? [];
  const second = frames.findIndex((frame) => frame.includes(JSON.stringify(pieces[1] ?? '').slice(1, -1)));
  return frames.slice(0, second + 1);
}
