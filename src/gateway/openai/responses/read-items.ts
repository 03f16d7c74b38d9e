import type { JsonObject } from '../../../base/json.ts';
import type { Message, ReasoningPart, TextPart, ToolCall } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { refuseType } from '../../media-fields.ts';
import { limits } from '../settings.ts';
import { readAssistantParts, readSystemParts, readUserParts } from './read-parts.ts';

/** Marks redacted thinking inside `encrypted_content`, so that it comes back as what it was. */
export const redactedMark = 'redacted:';

/** The items of one assistant turn that are still being joined to one message. */
interface Turn {
  content: TextPart[];
  refusal: string | undefined;
  reasoning: ReasoningPart[];
  toolCalls: ToolCall[];
}

/**
 * Translates input items, which stand at `path`, to messages. Reasoning, text and calls that follow one another were
 * one turn of the assistant and become one message.
 */
export function readItems(fields: Fields, items: readonly JsonObject[], path: string): Message[] {
  const messages: Message[] = [];
  let turn: Turn | undefined;
  function flush(): void {
    if (turn !== undefined) messages.push(closeTurn(turn));
    turn = undefined;
  }
  for (const [index, item] of items.entries()) {
    const at = `${path}[${index}].`;
    const kind = kindOf(item);
    if (kind === 'assistant' || kind === 'reasoning' || kind === 'function_call') {
      if (turn !== undefined && !continues(turn, kind)) flush();
      turn ??= { content: [], refusal: undefined, reasoning: [], toolCalls: [] };
      addToTurn(fields, turn, item, kind, at);
    } else {
      flush();
      const message = readOther(fields, item, kind, at);
      if (message !== undefined) messages.push(message);
    }
    if (fields.problem !== undefined) break;
  }
  flush();
  return messages;
}

/** An item's type, or the role when it is a message; messages may leave their type out. */
function kindOf(item: JsonObject): unknown {
  const type = item.type ?? (item.role === undefined ? undefined : 'message');
  return type === 'message' ? item.role : type;
}

function continues(turn: Turn, kind: 'assistant' | 'reasoning' | 'function_call'): boolean {
  if (kind === 'function_call') return true;
  return turn.content.length === 0 && turn.refusal === undefined && turn.toolCalls.length === 0;
}

function addToTurn(fields: Fields, turn: Turn, item: JsonObject, kind: string, at: string): void {
  if (kind === 'assistant') {
    const said = readAssistantParts(fields, item, at);
    turn.content = said.content;
    turn.refusal = said.refusal;
  } else if (kind === 'function_call') {
    turn.toolCalls.push({
      id: fields.requiredString(item, 'call_id', at, limits.idChars),
      name: fields.requiredString(item, 'name', at, limits.toolNameChars),
      arguments: fields.string(item, 'arguments', at) ?? '',
    });
  } else {
    const part = readReasoning(fields, item, at);
    if (part !== undefined) turn.reasoning.push(part);
  }
}

function closeTurn(turn: Turn): Message {
  return {
    role: 'assistant',
    content: turn.content,
    ...(turn.refusal !== undefined && { refusal: turn.refusal }),
    ...(turn.reasoning.length > 0 && { reasoning: turn.reasoning }),
    ...(turn.toolCalls.length > 0 && { toolCalls: turn.toolCalls }),
  };
}

function readReasoning(fields: Fields, item: JsonObject, at: string): ReasoningPart | undefined {
  const texts: string[] = [];
  for (const key of ['summary', 'content']) {
    for (const [index, value] of (fields.list(item, key, at, limits.partsPerMessage) ?? []).entries()) {
      const path = `${at}${key}[${index}]`;
      const part = fields.asObject(value, path);
      if (part !== undefined) texts.push(fields.string(part, 'text', `${path}.`) ?? '');
    }
  }
  const text = texts.join('\n\n');
  const opaque = fields.string(item, 'encrypted_content', at);
  if (opaque?.startsWith(redactedMark)) return { text: '', redacted: opaque.slice(redactedMark.length) };
  if (opaque !== undefined) return { text, signature: opaque };
  return text === '' ? undefined : { text };
}

function readOther(fields: Fields, item: JsonObject, kind: unknown, at: string): Message | undefined {
  switch (kind) {
    case 'user':
      return { role: 'user', content: readUserParts(fields, item, 'content', at) };
    case 'system':
    case 'developer':
      return { role: kind, content: readSystemParts(fields, item, at) };
    case 'function_call_output':
      return {
        role: 'tool',
        toolCallId: fields.requiredString(item, 'call_id', at, limits.idChars),
        content: readUserParts(fields, item, 'output', at),
      };
    default:
      if (item.type === 'message' || item.type === undefined) {
        return refuseType(fields, item.role, `${at}role`, ['user', 'assistant', 'system', 'developer']);
      }
      return refuseType(fields, item.type, `${at}type`, [
        'message',
        'function_call',
        'function_call_output',
        'reasoning',
      ]);
  }
}
