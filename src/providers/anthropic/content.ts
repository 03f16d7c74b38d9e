import { Buffer } from 'node:buffer';
import { unreachable } from '../../base/assert.ts';
import type { FilePart, ImagePart, ReasoningPart, TextPart, ToolCall, UserPart } from '../generation.ts';
import { inexpressible } from '../transport/fault.ts';

/** A content block of the messages format. */
export type Block = Readonly<Record<string, unknown>>;

/** Text as a block; none for an empty text, which the upstream refuses. */
export function textBlocks(part: TextPart): Block[] {
  return part.text === '' ? [] : [{ type: 'text', text: part.text, cache_control: part.cache }];
}

export function userBlocks(part: UserPart): Block[] {
  switch (part.type) {
    case 'text':
      return textBlocks(part);
    case 'image':
      return [{ type: 'image', source: imageSource(part), cache_control: part.cache }];
    case 'file':
      return [documentBlock(part)];
    case 'audio':
      throw inexpressible('audio is not supported by this upstream', 'messages');
    default:
      return unreachable(part);
  }
}

function imageSource({ source }: ImagePart): Block {
  return source.kind === 'url'
    ? { type: 'url', url: source.url }
    : { type: 'base64', media_type: source.mediaType, data: source.data };
}

function documentBlock(part: FilePart): Block {
  return { type: 'document', source: documentSource(part), title: part.filename, cache_control: part.cache };
}

function documentSource({ source, mediaType = 'application/pdf' }: FilePart): Block {
  if (source.kind === 'id') return { type: 'file', file_id: source.id };
  if (source.kind === 'url') return { type: 'url', url: source.url };
  if (!mediaType.startsWith('text/')) return { type: 'base64', media_type: mediaType, data: source.data };
  // Text goes as text: the only text type the upstream takes, and nothing is gained by the detour.
  return { type: 'text', media_type: 'text/plain', data: Buffer.from(source.data, 'base64').toString('utf8') };
}

/** Thinking that can be checked by the upstream goes back; thinking without its signature would be refused. */
export function reasoningBlocks(part: ReasoningPart): Block[] {
  if (part.redacted !== undefined) return [{ type: 'redacted_thinking', data: part.redacted }];
  return part.signature === undefined ? [] : [{ type: 'thinking', thinking: part.text, signature: part.signature }];
}

export function toolUseBlock(call: ToolCall): Block {
  return { type: 'tool_use', id: toolUseId(call.id), name: call.name, input: inputOf(call.arguments) };
}

/** Ids made by other upstreams may hold characters this one refuses. */
export function toolUseId(id: string): string {
  return id.replace(/[^\w-]/g, '_');
}

/** Arguments must be an object here; what a model wrote instead is kept as a text in one. */
function inputOf(text: string): object {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Kept below as it was written.
  }
  return { invalid_arguments: text };
}
