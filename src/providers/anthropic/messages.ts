import { unreachable } from '../../base/assert.ts';
import type { Message } from '../generation.ts';
import { type Block, reasoningBlocks, textBlocks, toolUseBlock, toolUseId, userBlocks } from './content.ts';

interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/** Everything the system or the developer said, wherever in the conversation, in order: the format has one place for it. */
export function systemBlocks(messages: readonly Message[]): Block[] {
  return messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? message.content.flatMap(textBlocks) : [],
  );
}

/**
 * The turns of the conversation. What tools returned belongs to the user's turn, and all results of one turn to one
 * message, so neighbours of one role become one turn.
 */
export function turns(messages: readonly Message[]): Turn[] {
  const out: Turn[] = [];
  for (const message of messages) {
    const content = blocksOf(message);
    if (content.length === 0) continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const last = out.at(-1);
    if (last?.role === role) last.content.push(...content);
    else out.push({ role, content });
  }
  return out;
}

function blocksOf(message: Message): Block[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user':
      return message.content.flatMap(userBlocks);
    case 'assistant':
      return [
        ...(message.reasoning ?? []).flatMap(reasoningBlocks),
        ...message.content.flatMap(textBlocks),
        ...(message.refusal ? [{ type: 'text', text: message.refusal }] : []),
        ...(message.toolCalls ?? []).map(toolUseBlock),
      ];
    case 'tool':
      return [
        {
          type: 'tool_result',
          tool_use_id: toolUseId(message.toolCallId),
          content: message.content.flatMap(userBlocks),
          is_error: message.isError,
        },
      ];
    default:
      return unreachable(message);
  }
}
