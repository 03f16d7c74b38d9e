import type { JsonObject } from '../../../base/json.ts';
import type { Message, ToolCall } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { refuseType } from '../../media-fields.ts';
import { limits } from '../settings.ts';
import { readAssistantContent, readTextContent, readUserContent } from './parse-parts.ts';

const roles = ['developer', 'system', 'user', 'assistant', 'tool', 'function'] as const;

/** The id of the latest call of each function, by its name. */
type CalledIds = Map<string, string>;

/** Translates `messages`, at least one. */
export function readMessages(fields: Fields, body: JsonObject): Message[] {
  const list = fields.list(body, 'messages', '', limits.messages);
  if (list === undefined) {
    fields.missing('messages');
    return [];
  }
  if (list.length === 0) fields.invalid('messages', 'must not be empty', '不能为空');
  const messages: Message[] = [];
  const called: CalledIds = new Map();
  for (const [index, value] of list.entries()) {
    const path = `messages[${index}]`;
    const message = fields.asObject(value, path);
    const read = message === undefined ? undefined : readMessage(fields, message, `${path}.`, index, called);
    if (read !== undefined) messages.push(read);
    if (read?.role === 'assistant') for (const { name, id } of read.toolCalls ?? []) called.set(name, id);
    if (fields.problem !== undefined) break;
  }
  return messages;
}

function readMessage(
  fields: Fields,
  message: JsonObject,
  at: string,
  position: number,
  called: CalledIds,
): Message | undefined {
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: message.role, content: readTextContent(fields, message, at) };
    case 'user':
      return { role: 'user', content: readUserContent(fields, message, at), ...readSpeaker(fields, message, at) };
    case 'assistant':
      return readAssistant(fields, message, at, position);
    case 'tool':
      return {
        role: 'tool',
        toolCallId: fields.requiredString(message, 'tool_call_id', at, limits.idChars),
        content: readUserContent(fields, message, at),
      };
    case 'function':
      return readFunctionResult(fields, message, at, called);
    default:
      return refuseType(fields, message.role, `${at}role`, roles);
  }
}

function readAssistant(fields: Fields, message: JsonObject, at: string, position: number): Message {
  if (message.audio !== undefined && message.audio !== null) fields.unsupported(`${at}audio`);
  const { content, refusal: refusalParts } = readAssistantContent(fields, message, at);
  const refusal = fields.string(message, 'refusal', at) ?? refusalParts;
  // `reasoning_content` is what DeepSeek, vLLM and Candor itself answer with; some clients send it back.
  const reasoning = fields.string(message, 'reasoning_content', at);
  const toolCalls = readToolCalls(fields, message, at) ?? readFunctionCall(fields, message, at, position);
  if (content.length === 0 && refusal === undefined && toolCalls === undefined) fields.missing(`${at}content`);
  return {
    role: 'assistant',
    content,
    ...(refusal !== undefined && { refusal }),
    ...(reasoning !== undefined && reasoning !== '' && { reasoning: [{ text: reasoning }] }),
    ...(toolCalls !== undefined && { toolCalls }),
    ...readSpeaker(fields, message, at),
  };
}

function readToolCalls(fields: Fields, message: JsonObject, at: string): ToolCall[] | undefined {
  const list = fields.list(message, 'tool_calls', at, limits.tools);
  if (list === undefined || list.length === 0) return undefined;
  return list.map((value, index) => {
    const path = `${at}tool_calls[${index}]`;
    const call = fields.asObject(value, path) ?? {};
    if (call.type !== undefined && call.type !== 'function') {
      refuseType(fields, call.type, `${path}.type`, ['function']);
    }
    const called = fields.asObject(call.function, `${path}.function`) ?? {};
    return {
      id: fields.requiredString(call, 'id', `${path}.`, limits.idChars),
      name: fields.requiredString(called, 'name', `${path}.function.`, limits.toolNameChars),
      arguments: fields.string(called, 'arguments', `${path}.function.`) ?? '',
    };
  });
}

/** The older `function_call` has no id: the place of its message gives it one. */
function readFunctionCall(fields: Fields, message: JsonObject, at: string, position: number): ToolCall[] | undefined {
  const call = fields.object(message, 'function_call', at);
  if (call === undefined) return undefined;
  const name = fields.requiredString(call, 'name', `${at}function_call.`, limits.toolNameChars);
  const text = fields.string(call, 'arguments', `${at}function_call.`) ?? '';
  return [{ id: `call_function_${position}`, name, arguments: text }];
}

/** The older `function` role answers the last call of that name. */
function readFunctionResult(fields: Fields, message: JsonObject, at: string, called: CalledIds): Message | undefined {
  const name = fields.requiredString(message, 'name', at, limits.toolNameChars);
  const content = message.content === null ? [] : readTextContent(fields, message, at);
  const toolCallId = called.get(name);
  if (toolCallId !== undefined) return { role: 'tool', toolCallId, content };
  return fields.invalid(
    `${at}name`,
    'names a function that no earlier message called',
    '所指函数在之前的消息中没有被调用',
  );
}

function readSpeaker(fields: Fields, message: JsonObject, at: string): { name?: string } {
  const name = fields.string(message, 'name', at, limits.toolNameChars);
  return name === undefined ? {} : { name };
}
