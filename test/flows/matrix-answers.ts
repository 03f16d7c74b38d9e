import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

/** What came back over the wire, byte for byte. */
export interface Captured {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** What an unmodified official client makes of an answer. */
export interface Understood {
  /** Text it handed over, before an error too. */
  readonly text: string;
  /** It saw the format's own clean end. */
  readonly clean: boolean;
  /** What it raised; null when nothing. */
  readonly raised: { readonly status: number | undefined; readonly reason: unknown } | null;
}

/** One endpoint, streamed or not, and the official client that reads its answers. */
export interface EndpointSubject {
  readonly name: string;
  readonly path: string;
  /** As usage events name it. */
  readonly endpoint: string;
  readonly streamed: boolean;
  body(model: string, prompt: string, endUser: string): object;
  understand(captured: Captured): Promise<Understood>;
  /** Marks that only a clean end may carry. */
  readonly cleanMarks: readonly string[];
}

const MODEL = 'any';

export const ENDPOINTS: readonly EndpointSubject[] = [
  {
    name: 'chat',
    path: '/v1/chat/completions',
    endpoint: 'chat.completions',
    streamed: false,
    body: chatBody,
    cleanMarks: ['"finish_reason"'],
    understand: (captured) =>
      understood(async (said) => {
        const answer = await openai(captured).chat.completions.create({ model: MODEL, messages: [] });
        said(answer.choices[0]?.message.content ?? '');
        return answer.choices[0]?.finish_reason === 'stop';
      }),
  },
  {
    name: 'chat stream',
    path: '/v1/chat/completions',
    endpoint: 'chat.completions',
    streamed: true,
    body: (model, prompt, user) => ({
      ...chatBody(model, prompt, user),
      stream: true,
      stream_options: { include_usage: true },
    }),
    cleanMarks: ['[DONE]', '"finish_reason":"'],
    understand: (captured) =>
      understood(async (said) => {
        let clean = false;
        const chunks = await openai(captured).chat.completions.create({ model: MODEL, messages: [], stream: true });
        for await (const chunk of chunks) {
          said(chunk.choices[0]?.delta.content ?? '');
          clean ||= chunk.choices[0]?.finish_reason === 'stop';
        }
        return clean && captured.body.endsWith('data: [DONE]\n\n');
      }),
  },
  {
    name: 'responses',
    path: '/v1/responses',
    endpoint: 'responses',
    streamed: false,
    body: responsesBody,
    cleanMarks: ['"status":"completed"'],
    understand: (captured) =>
      understood(async (said) => {
        const answer = await openai(captured).responses.create({ model: MODEL, input: '' });
        said(answer.output_text);
        return answer.status === 'completed';
      }),
  },
  {
    name: 'responses stream',
    path: '/v1/responses',
    endpoint: 'responses',
    streamed: true,
    body: (model, prompt, user) => ({ ...responsesBody(model, prompt, user), stream: true }),
    cleanMarks: ['response.completed', 'response.incomplete'],
    understand: (captured) =>
      understood(async (said) => {
        let clean = false;
        for await (const event of await openai(captured).responses.create({ model: MODEL, input: '', stream: true })) {
          if (event.type === 'response.output_text.delta') said(event.delta);
          clean ||= event.type === 'response.completed';
        }
        return clean;
      }),
  },
  {
    name: 'messages',
    path: '/v1/messages',
    endpoint: 'messages',
    streamed: false,
    body: messagesBody,
    cleanMarks: ['"stop_reason"'],
    understand: (captured) =>
      understood(async (said) => {
        const answer = await anthropic(captured).messages.create({ model: MODEL, messages: [], max_tokens: 1 });
        for (const block of answer.content) if (block.type === 'text') said(block.text);
        return answer.stop_reason === 'end_turn';
      }),
  },
  {
    name: 'messages stream',
    path: '/v1/messages',
    endpoint: 'messages',
    streamed: true,
    body: (model, prompt, user) => ({ ...messagesBody(model, prompt, user), stream: true }),
    cleanMarks: ['message_stop', 'message_delta'],
    understand: (captured) =>
      understood(async (said) => {
        let clean = false;
        const asked = { model: MODEL, messages: [], max_tokens: 1, stream: true } as const;
        for await (const event of await anthropic(captured).messages.create({ ...asked, messages: [] })) {
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') said(event.delta.text);
          clean ||= event.type === 'message_stop';
        }
        return clean;
      }),
  },
  {
    name: 'embeddings',
    path: '/v1/embeddings',
    endpoint: 'embeddings',
    streamed: false,
    body: (model, prompt, user) => ({ model, input: [prompt], user }),
    cleanMarks: ['"embedding"'],
    understand: (captured) =>
      understood(async (said) => {
        const { data } = await openai(captured).embeddings.create({ model: MODEL, input: '' });
        said(JSON.stringify(data.map((one) => one.embedding)));
        return data.length > 0;
      }),
  },
];

function chatBody(model: string, prompt: string, user: string): object {
  return { model, user, messages: [{ role: 'user', content: prompt }] };
}

function responsesBody(model: string, prompt: string, user: string): object {
  return { model, user, input: prompt, store: false };
}

function messagesBody(model: string, prompt: string, user: string): object {
  return { model, metadata: { user_id: user }, max_tokens: 500, messages: [{ role: 'user', content: prompt }] };
}

/** The clients read the captured bytes as if they had just asked for them. */
function replaying(captured: Captured) {
  return {
    apiKey: 'none',
    maxRetries: 0,
    fetch: async () => new Response(captured.body, { status: captured.status, headers: captured.headers }),
  };
}

function openai(captured: Captured): OpenAI {
  return new OpenAI({ ...replaying(captured), baseURL: 'http://replayed.invalid/v1' });
}

function anthropic(captured: Captured): Anthropic {
  return new Anthropic({ ...replaying(captured), baseURL: 'http://replayed.invalid' });
}

async function understood(read: (said: (text: string) => void) => Promise<boolean>): Promise<Understood> {
  let text = '';
  try {
    const clean = await read((piece) => {
      text += piece;
    });
    return { text, clean, raised: null };
  } catch (error) {
    const raised = error instanceof OpenAI.APIError || error instanceof Anthropic.APIError ? error : null;
    if (raised === null) throw error;
    return { text, clean: false, raised: { status: raised.status, reason: reasonIn(raised.error) } };
  }
}

/** Candor's reason stands in the error object, which some formats wrap once more. */
function reasonIn(error: unknown): unknown {
  const { reason, error: inner } = Object(error) as { reason?: unknown; error?: unknown };
  return reason ?? (inner === undefined ? undefined : reasonIn(inner));
}
