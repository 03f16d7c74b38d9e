import { unreachable } from '../../base/assert.ts';
import type { FilePart, Message, ToolCall, UserPart } from '../generation.ts';
import { inexpressible } from '../transport/fault.ts';

/**
 * Messages in the shape of chat completions. Content that is one text is sent as a string, which every server takes;
 * anything else as parts. Thinking and cache marks have no place in this format and stay behind.
 */
export function openAiMessages(messages: readonly Message[], developerRole: boolean): object[] {
  const out: object[] = [];
  let fromTools: object[] = [];
  for (const message of messages) {
    if (message.role !== 'tool' && fromTools.length > 0) {
      out.push({ role: 'user', content: fromTools });
      fromTools = [];
    }
    if (message.role === 'tool') {
      // A tool message holds text only; what else a tool returned follows as a message of the user.
      fromTools.push(...message.content.filter((part) => part.type !== 'text').map(userPart));
      const content = contentOf(message.content.filter((part) => part.type === 'text'));
      out.push({ role: 'tool', tool_call_id: message.toolCallId, content });
    } else {
      out.push(plainMessage(message, developerRole));
    }
  }
  if (fromTools.length > 0) out.push({ role: 'user', content: fromTools });
  return out;
}

function plainMessage(message: Exclude<Message, { role: 'tool' }>, developerRole: boolean): object {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: contentOf(message.content) };
    case 'developer':
      return { role: developerRole ? 'developer' : 'system', content: contentOf(message.content) };
    case 'user':
      return { role: 'user', content: contentOf(message.content), name: message.name };
    case 'assistant':
      return {
        role: 'assistant',
        content: message.content.length === 0 ? null : contentOf(message.content),
        refusal: message.refusal,
        name: message.name,
        tool_calls: message.toolCalls?.length ? message.toolCalls.map(toolCall) : undefined,
      };
    default:
      return unreachable(message);
  }
}

function contentOf(parts: readonly UserPart[]): string | object[] {
  const [first] = parts;
  if (first === undefined) return '';
  return parts.length === 1 && first.type === 'text' ? first.text : parts.map(userPart);
}

function userPart(part: UserPart): object {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const { source } = part;
      const url = source.kind === 'url' ? source.url : `data:${source.mediaType};base64,${source.data}`;
      return { type: 'image_url', image_url: { url, detail: part.detail } };
    }
    case 'audio':
      return { type: 'input_audio', input_audio: { data: part.data, format: part.format } };
    case 'file':
      return { type: 'file', file: fileOf(part) };
    default:
      return unreachable(part);
  }
}

function fileOf(part: FilePart): object {
  const { source, filename, mediaType = 'application/pdf' } = part;
  if (source.kind === 'id') return { file_id: source.id };
  if (source.kind === 'url') throw inexpressible('files by URL are not supported by this upstream', 'messages');
  return { filename: filename ?? 'file', file_data: `data:${mediaType};base64,${source.data}` };
}

function toolCall(call: ToolCall): object {
  return { id: call.id, type: 'function', function: { name: call.name, arguments: call.arguments } };
}
