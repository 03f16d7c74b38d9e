import { describe, expect, test } from 'bun:test';
import type { GenerationEvent, GenerationRequest, Message } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { CandidateDecoder, parseGenerated } from './decoder.ts';
import { countBody, embedBody, generateBody, modelPath } from './request.ts';
import { geminiSchema } from './schema.ts';
import { geminiUsage } from './usage.ts';

const ATTEMPT: Attempt = {
  upstreamModel: 'gemini-2.5-flash',
  passFields: new Set(),
  timeouts: { connectMs: 1, firstTokenMs: 1, stallMs: 1, totalMs: 1 },
  signal: new AbortController().signal,
  requestId: 'req_1',
};

const USER: Message = { role: 'user', content: [{ type: 'text', text: 'hi' }] };

function requestOf(change: Partial<GenerationRequest>): GenerationRequest {
  return { model: 'alias', stream: false, messages: [USER], choiceCount: 1, unknownFields: {}, ...change };
}

function sent(change: Partial<GenerationRequest>, upstreamModel = ATTEMPT.upstreamModel): Record<string, unknown> {
  return JSON.parse(JSON.stringify(generateBody(requestOf(change), { ...ATTEMPT, upstreamModel }))) as Record<
    string,
    unknown
  >;
}

describe('the body of generateContent', () => {
  test('matches results to calls by name, and sends signatures back to their calls', () => {
    const messages: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'be kind' }] },
      USER,
      {
        role: 'assistant',
        content: [],
        reasoning: [{ text: 'hm', signature: 'c2ln' }],
        toolCalls: [
          { id: 'a', name: 'f', arguments: '{"x":1}' },
          { id: 'b', name: 'g', arguments: '' },
        ],
      },
      { role: 'tool', toolCallId: 'a', content: [{ type: 'text', text: '{"y":2}' }] },
      { role: 'tool', toolCallId: 'b', content: [{ type: 'text', text: 'plain' }], isError: true },
    ];
    const body = sent({ messages });
    expect(body.systemInstruction).toEqual({ parts: [{ text: 'be kind' }] });
    expect(body.contents).toEqual([
      { role: 'user', parts: [{ text: 'hi' }] },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'a', name: 'f', args: { x: 1 } }, thoughtSignature: 'c2ln' },
          { functionCall: { id: 'b', name: 'g', args: {} } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'f', response: { y: 2 } } },
          { functionResponse: { id: 'b', name: 'g', response: { error: 'plain' } } },
        ],
      },
    ]);
  });

  test('says so where a model of the third generation wants a signature that is not known', () => {
    const messages: Message[] = [
      USER,
      { role: 'assistant', content: [], toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
    ];
    expect(JSON.stringify(sent({ messages }, 'gemini-3-pro').contents)).toContain('skip_thought_signature_validator');
    expect(JSON.stringify(sent({ messages }).contents)).not.toContain('thoughtSignature');
  });

  test('sends images, sound and files in every form', () => {
    const content = [
      { type: 'image', source: { kind: 'url', url: 'https://x/y.jpg?z' } },
      { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QQ==' } },
      { type: 'audio', format: 'wav', data: 'QQ==' },
      { type: 'file', source: { kind: 'base64', data: 'QQ==' } },
      { type: 'file', mediaType: 'text/plain', source: { kind: 'id', id: 'files/1' } },
    ] as const;
    expect(sent({ messages: [{ role: 'user', content }] }).contents).toEqual([
      {
        role: 'user',
        parts: [
          { fileData: { fileUri: 'https://x/y.jpg?z', mimeType: 'image/jpeg' } },
          { inlineData: { mimeType: 'image/png', data: 'QQ==' } },
          { inlineData: { mimeType: 'audio/wav', data: 'QQ==' } },
          { inlineData: { mimeType: 'application/pdf', data: 'QQ==' } },
          { fileData: { fileUri: 'files/1', mimeType: 'text/plain' } },
        ],
      },
    ]);
  });

  test('maps tools, formats, sampling and thinking', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string', minLength: 1 } } };
    const body = sent({
      tools: [{ name: 'f', parameters }, { name: 'g' }],
      toolChoice: { type: 'tool', name: 'f' },
      responseFormat: { type: 'json_schema', name: 'x', schema: { type: 'object', $schema: 'y' } },
      choiceCount: 2,
      maxOutputTokens: 9,
      stop: ['a'],
      seed: 1,
      topK: 3,
      logprobs: { alternatives: 2 },
      reasoning: { effort: 'none' },
    });
    expect(body.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'f', parametersJsonSchema: { type: 'object', properties: { a: { type: 'string' } } } },
          { name: 'g' },
        ],
      },
    ]);
    expect(body.toolConfig).toEqual({ functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['f'] } });
    expect(body.generationConfig).toEqual({
      candidateCount: 2,
      maxOutputTokens: 9,
      stopSequences: ['a'],
      seed: 1,
      topK: 3,
      responseLogprobs: true,
      logprobs: 2,
      responseMimeType: 'application/json',
      responseJsonSchema: { type: 'object' },
      thinkingConfig: { thinkingBudget: 0 },
    });
    const levels = sent({ reasoning: { effort: 'max', summary: 'auto' } }, 'gemini-3-pro').generationConfig;
    expect(levels).toEqual({ thinkingConfig: { thinkingLevel: 'high', includeThoughts: true } });
  });

  test('names its model in counts and embeddings, and takes texts only', () => {
    expect(modelPath('tunedModels/my model')).toBe('tunedModels/my%20model');
    expect(countBody(requestOf({}), ATTEMPT)).toMatchObject({
      generateContentRequest: { model: 'models/gemini-2.5-flash' },
    });
    const embed = { model: 'a', inputs: ['x'], dimensions: 8, unknownFields: {} };
    expect(embedBody(embed, ATTEMPT)).toEqual({
      requests: [{ model: 'models/gemini-2.5-flash', content: { parts: [{ text: 'x' }] }, outputDimensionality: 8 }],
    });
    expect(() => embedBody({ ...embed, inputs: [[1, 2]] }, ATTEMPT)).toThrow(
      expect.objectContaining({ param: 'input' }) as Error,
    );
  });
});

test('a schema keeps what the upstream knows, names of properties whatever they are, and references', () => {
  const schema = {
    $schema: 'x',
    type: ['object', 'null'],
    definitions: { node: { type: 'object', patternProperties: {} } },
    properties: { pattern: { const: 'a', pattern: '^a$' }, next: { $ref: '#/definitions/node' }, any: true },
    required: ['pattern'],
    allOf: [{ type: 'object' }],
    additionalProperties: false,
  };
  expect(geminiSchema(schema)).toEqual({
    type: ['object', 'null'],
    $defs: { node: { type: 'object' } },
    properties: { pattern: { enum: ['a'] }, next: { $ref: '#/$defs/node' }, any: true },
    required: ['pattern'],
    additionalProperties: false,
  });
});

describe('answers', () => {
  test('count thoughts as output, and output that was not sent as what the total leaves', () => {
    const counts = { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 22 };
    expect(geminiUsage(counts)).toMatchObject({ inputTokens: 10, outputTokens: 12, reasoningTokens: 7 });
    expect(geminiUsage({ promptTokenCount: 10, thoughtsTokenCount: 7, totalTokenCount: 17 })).toMatchObject({
      outputTokens: 7,
    });
    expect(geminiUsage({ promptTokenCount: 10, totalTokenCount: 10 })).toMatchObject({ outputTokens: 0 });
    expect(geminiUsage({ promptTokenCount: 10 })).toBeUndefined();
    expect(geminiUsage({})).toBeUndefined();
  });

  test('tell sound apart where the upstream does, and never more of it than of the whole', () => {
    const counts = {
      promptTokenCount: 10,
      candidatesTokenCount: 5,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 6 }, { modality: 'AUDIO', tokenCount: 4 }, 7],
      candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 9 }],
    };
    expect(geminiUsage(counts)).toMatchObject({ inputTokens: 10, audioInputTokens: 4, audioOutputTokens: 5 });
    const silent = geminiUsage({ promptTokenCount: 10, candidatesTokenCount: 5, promptTokensDetails: [] });
    expect(Object.keys(silent ?? {})).not.toContain('audioInputTokens');
  });

  test('a prompt that was blocked is an answer without words, ended by the filter', () => {
    const answer = parseGenerated({ promptFeedback: { blockReason: 'SAFETY' }, usageMetadata: {} }, 1, 'req_1');
    expect(answer.choices).toMatchObject([{ index: 0, finish: 'content_filter' }]);
  });

  test('map every reason to finish; what the model broke is an error', () => {
    const finishOf = (finishReason: string) =>
      parseGenerated({ candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason }] }, 1, 'r').choices[0]
        ?.finish;
    expect(['STOP', 'MAX_TOKENS', 'SAFETY', 'RECITATION', 'PROHIBITED_CONTENT'].map(finishOf)).toEqual([
      'stop',
      'length',
      'content_filter',
      'content_filter',
      'content_filter',
    ]);
    expect(() => finishOf('MALFORMED_FUNCTION_CALL')).toThrow(
      expect.objectContaining({ name: 'ProviderFault' }) as Error,
    );
  });

  test('keep the signature of a call, and make an id where there is none', () => {
    const part = { functionCall: { name: 'f', args: { x: 1 } }, thoughtSignature: 'c2ln' };
    const answer = parseGenerated({ candidates: [{ content: { parts: [part] }, finishReason: 'STOP' }] }, 1, 'req_1');
    expect(answer.choices[0]).toMatchObject({
      finish: 'tool_calls',
      reasoning: [{ text: '', signature: 'c2ln' }],
      toolCalls: [{ id: 'call_req_1_0_0', name: 'f', arguments: '{"x":1}' }],
    });
  });

  test('errors in a stream keep their status before output only', () => {
    const quota = { name: '', data: JSON.stringify({ error: { code: 429, status: 'RESOURCE_EXHAUSTED' } }) };
    const text = { name: '', data: JSON.stringify({ candidates: [{ content: { parts: [{ text: 'x' }] } }] }) };
    const out: GenerationEvent[] = [];
    const push = (events: { name: string; data: string }[]) => {
      const decoder = new CandidateDecoder(1, 'r');
      for (const event of events) decoder.push(event, out);
    };
    expect(() => push([quota])).toThrow(expect.objectContaining({ kind: 'rate_limited' }) as Error);
    expect(() => push([text, quota])).toThrow(expect.objectContaining({ kind: 'in_band' }) as Error);
  });
});
