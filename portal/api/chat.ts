import { z } from 'zod';
import { ok, refuse, type Result } from '../../src/base/result.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

interface ChatAsk {
  readonly key: string;
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Of the words an error is told in. */
  readonly language: string;
  readonly signal: AbortSignal;
  /** Hears the id of the request as soon as it has one. */
  readonly onId: (id: string) => void;
  readonly onText: (piece: string) => void;
}

/** Why there is no whole answer, in the API's own words. */
export interface ChatRefusal {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
}

const errorBody = z.object({ error: z.object({ message: z.string(), reason: z.string().nullish() }) });
const chunkBody = z.object({
  choices: z.array(
    z.object({ delta: z.object({ content: z.string().nullish() }).nullish(), finish_reason: z.string().nullish() }),
  ),
});

const UNREACHABLE: ChatRefusal = { status: 0, reason: 'unreachable', message: '' };

/** Asks a model as any program does, and reads the answer as it is written. Resolves with how it finished. */
export async function streamChat(ask: ChatAsk): Promise<Result<{ readonly finish: string }, ChatRefusal>> {
  try {
    const response = await fetch('/v1/chat/completions', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${ask.key}`,
        'content-type': 'application/json',
        'accept-language': ask.language,
      },
      body: JSON.stringify({ model: ask.model, messages: ask.messages, stream: true }),
      credentials: 'omit',
      signal: ask.signal,
    });
    const id = response.headers.get('x-request-id');
    if (id !== null) ask.onId(id);
    if (!response.ok || response.body === null) return refuse(readRefusal(response.status, await response.text()));
    return await readStream(response.body, ask.onText);
  } catch {
    return refuse(ask.signal.aborted ? { ...UNREACHABLE, reason: 'stopped' } : UNREACHABLE);
  }
}

/** Ends an answer that is being written; what was written by then is charged. */
export async function cancelChat(key: string, requestId: string): Promise<void> {
  await fetch(`/v1/generations/${encodeURIComponent(requestId)}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    credentials: 'omit',
  }).catch(() => null);
}

async function readStream(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onText: (piece: string) => void,
): Promise<Result<{ readonly finish: string }, ChatRefusal>> {
  let finish = '';
  for await (const line of linesOf(body)) {
    if (!line.startsWith('data:')) continue;
    const data = line.slice('data:'.length).trim();
    if (data === '[DONE]') return ok({ finish });
    const value = jsonOf(data);
    const error = errorBody.safeParse(value);
    if (error.success) {
      return refuse({ status: 200, reason: error.data.error.reason ?? '', message: error.data.error.message });
    }
    const [choice] = chunkBody.safeParse(value).data?.choices ?? [];
    onText(choice?.delta?.content ?? '');
    finish = choice?.finish_reason ?? finish;
  }
  // The end mark never came: the connection broke, or the answer was cut.
  return finish === '' ? refuse(UNREACHABLE) : ok({ finish });
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function readRefusal(status: number, text: string): ChatRefusal {
  const told = errorBody.safeParse(jsonOf(text));
  if (!told.success) return { status, reason: '', message: '' };
  return { status, reason: told.data.error.reason ?? '', message: told.data.error.message };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
