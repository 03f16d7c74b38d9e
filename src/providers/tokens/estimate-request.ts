import type { Json } from '../../base/json.ts';
import type { EmbeddingRequest, GenerationRequest, Message, Tool, UserPart } from '../generation.ts';
import { estimateTokens } from './estimate.ts';

/** Role, separators and end mark of one message. */
const TOKENS_PER_MESSAGE = 4;
/** The opening of the answer that every chat template adds. */
const TOKENS_PER_ANSWER = 3;
/** Id, name and frame of one tool call or tool result, besides its text. */
const TOKENS_PER_CALL = 8;
/** Frame of one tool, besides its name, description and parameters. */
const TOKENS_PER_TOOL = 7;
/** Quotes, colon and comma around one member or element of a JSON value. */
const TOKENS_PER_JSON_MEMBER = 1.5;
/** A schema nested deeper than this is not read further. */
const JSON_DEPTH_MAX = 64;

/** OpenAI's published prices of one image: a fixed base, and four tiles more for a full-size one. */
const IMAGE_TOKENS_LOW = 85;
const IMAGE_TOKENS_FULL = 765;
/** Speech is billed at about 10 tokens a second; compressed audio is about 16,000 bytes a second. */
const AUDIO_BYTES_PER_TOKEN = 1600;
/** Text and page images of a document together; a bare id or address says nothing of its size. */
const FILE_BYTES_PER_TOKEN = 16;
const FILE_TOKENS_UNKNOWN = 1500;

/** All texts of a request are read in full up to this many characters together; after that each is sampled. */
const FULL_READ_CHARS = 262_144;
const SAMPLE_AFTER_CHARS = 1024;

interface Reading {
  tokens: number;
  chars: number;
}

/** About how many input tokens a request has: texts, frames of messages, tools, schemas, images, audio and files. */
export function estimateRequestTokens(request: GenerationRequest): number {
  const reading: Reading = { tokens: TOKENS_PER_ANSWER, chars: 0 };
  for (const message of request.messages) addMessage(reading, message);
  for (const tool of request.tools ?? []) addTool(reading, tool);
  if (request.responseFormat?.type === 'json_schema') addJson(reading, request.responseFormat.schema, 0);
  return Math.ceil(reading.tokens);
}

/** About how many tokens the inputs of an embedding have; exact for inputs that are token numbers. */
export function estimateEmbeddingTokens(request: EmbeddingRequest): number {
  const reading: Reading = { tokens: 0, chars: 0 };
  for (const input of request.inputs) {
    if (typeof input === 'string') addText(reading, input);
    else reading.tokens += input.length;
  }
  return reading.tokens;
}

function addText(reading: Reading, text: string): void {
  reading.tokens += reading.chars < FULL_READ_CHARS ? estimateTokens(text) : estimateTokens(text, SAMPLE_AFTER_CHARS);
  reading.chars += text.length;
}

function addMessage(reading: Reading, message: Message): void {
  reading.tokens += TOKENS_PER_MESSAGE;
  for (const part of message.content) addPart(reading, part);
  if (message.role === 'tool') reading.tokens += TOKENS_PER_CALL;
  if ((message.role === 'user' || message.role === 'assistant') && message.name !== undefined) {
    reading.tokens++;
    addText(reading, message.name);
  }
  if (message.role !== 'assistant') return;
  if (message.refusal !== undefined) addText(reading, message.refusal);
  for (const part of message.reasoning ?? []) addText(reading, part.text);
  for (const call of message.toolCalls ?? []) {
    reading.tokens += TOKENS_PER_CALL;
    addText(reading, call.name);
    addText(reading, call.arguments);
  }
}

function addPart(reading: Reading, part: UserPart): void {
  switch (part.type) {
    case 'text':
      addText(reading, part.text);
      break;
    case 'image':
      reading.tokens += part.detail === 'low' ? IMAGE_TOKENS_LOW : IMAGE_TOKENS_FULL;
      break;
    case 'audio':
      reading.tokens += Math.ceil(base64Bytes(part.data) / AUDIO_BYTES_PER_TOKEN);
      break;
    case 'file':
      reading.tokens +=
        part.source.kind === 'base64'
          ? Math.ceil(base64Bytes(part.source.data) / FILE_BYTES_PER_TOKEN)
          : FILE_TOKENS_UNKNOWN;
      break;
  }
}

function base64Bytes(data: string): number {
  return (data.length * 3) / 4;
}

function addTool(reading: Reading, tool: Tool): void {
  reading.tokens += TOKENS_PER_TOOL;
  addText(reading, tool.name);
  if (tool.description !== undefined) addText(reading, tool.description);
  if (tool.parameters !== undefined) addJson(reading, tool.parameters, 0);
}

function addJson(reading: Reading, value: Json | undefined, depth: number): void {
  if (value === undefined || depth > JSON_DEPTH_MAX) return;
  if (typeof value === 'string') {
    addText(reading, value);
  } else if (typeof value !== 'object' || value === null) {
    reading.tokens++;
  } else if (Array.isArray(value)) {
    for (const element of value) {
      reading.tokens += TOKENS_PER_JSON_MEMBER;
      addJson(reading, element, depth + 1);
    }
  } else {
    for (const [key, member] of Object.entries(value)) {
      reading.tokens += TOKENS_PER_JSON_MEMBER;
      addText(reading, key);
      addJson(reading, member, depth + 1);
    }
  }
}
