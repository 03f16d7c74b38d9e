import type { JsonObject } from '../../base/json.ts';
import type { Message, ReasoningPart, TextPart, ToolCall, UserPart } from '../../providers/index.ts';
import type { Fields } from '../fields.ts';
import { refuseType } from '../media-fields.ts';
import { blocksOf, readText, readUserBlock, readUserBlocks } from './read-blocks.ts';

const messagesMax = 10_000;
const idCharsMax = 1_024;

/** Translates `messages`, at least one; roles need not alternate. */
export function readMessages(fields: Fields, body: JsonObject): Message[] {
  const list = fields.list(body, 'messages', '', messagesMax);
  if (list === undefined) {
    fields.missing('messages');
    return [];
  }
  if (list.length === 0) fields.invalid('messages', 'must not be empty', '不能为空');
  const messages: Message[] = [];
  for (const [index, value] of list.entries()) {
    const message = fields.asObject(value, `messages[${index}]`) ?? {};
    const at = `messages[${index}].`;
    if (message.role === 'user') messages.push(...readUser(fields, message, at));
    else if (message.role === 'assistant') messages.push(readAssistant(fields, message, at));
    else refuseType(fields, message.role, `${at}role`, ['user', 'assistant']);
    if (fields.problem !== undefined) break;
  }
  return messages;
}

/** A user's turn may hold results of tools between its own words; each becomes a message, in order. */
function readUser(fields: Fields, message: JsonObject, at: string): Message[] {
  const messages: Message[] = [];
  let said: UserPart[] = [];
  function flush(): void {
    if (said.length > 0) messages.push({ role: 'user', content: said });
    said = [];
  }
  for (const [index, block] of blocksOf(fields, message, 'content', at).entries()) {
    const path = `${at}content[${index}].`;
    if (block.type === 'tool_result') {
      flush();
      messages.push(readToolResult(fields, block, path));
    } else {
      said.push(...readUserBlock(fields, block, path));
    }
  }
  flush();
  if (messages.length === 0) fields.invalid(`${at}content`, 'must not be empty', '不能为空');
  return messages;
}

function readToolResult(fields: Fields, block: JsonObject, at: string): Message {
  const silent = block.content === undefined || block.content === null;
  const content = silent ? [] : readUserBlocks(fields, block, 'content', at);
  const isError = fields.boolean(block, 'is_error', at);
  const cache = fields.object(block, 'cache_control', at);
  return {
    role: 'tool',
    toolCallId: fields.requiredString(block, 'tool_use_id', at, idCharsMax),
    content: cache === undefined ? content : markLast(content, cache),
    ...(isError !== undefined && { isError }),
  };
}

/** A cache mark on the whole result stands for one on its last part. */
function markLast(parts: readonly UserPart[], cache: JsonObject): UserPart[] {
  return parts.map((part, index) => (index === parts.length - 1 && part.type !== 'audio' ? { ...part, cache } : part));
}

function readAssistant(fields: Fields, message: JsonObject, at: string): Message {
  const content: TextPart[] = [];
  const reasoning: ReasoningPart[] = [];
  const toolCalls: ToolCall[] = [];
  for (const [index, block] of blocksOf(fields, message, 'content', at).entries()) {
    const path = `${at}content[${index}].`;
    switch (block.type) {
      case 'text':
        content.push(readText(fields, block, path));
        break;
      case 'thinking':
        reasoning.push(readThinking(fields, block, path));
        break;
      case 'redacted_thinking':
        reasoning.push({ text: '', redacted: fields.requiredString(block, 'data', path) });
        break;
      case 'tool_use':
        toolCalls.push(readToolUse(fields, block, path));
        break;
      default:
        refuseType(fields, block.type, `${path}type`, ['text', 'thinking', 'redacted_thinking', 'tool_use']);
    }
  }
  return {
    role: 'assistant',
    content,
    ...(reasoning.length > 0 && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
  };
}

function readThinking(fields: Fields, block: JsonObject, at: string): ReasoningPart {
  const text = fields.string(block, 'thinking', at) ?? '';
  const signature = fields.string(block, 'signature', at);
  return signature === undefined || signature === '' ? { text } : { text, signature };
}

function readToolUse(fields: Fields, block: JsonObject, at: string): ToolCall {
  return {
    id: fields.requiredString(block, 'id', at, idCharsMax),
    name: fields.requiredString(block, 'name', at, 128),
    arguments: JSON.stringify(fields.asObject(block.input, `${at}input`) ?? {}),
  };
}
