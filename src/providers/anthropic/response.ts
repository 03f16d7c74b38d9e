import type { JsonObject } from '../../base/json.ts';
import type { Generation, ReasoningPart, ToolCall } from '../generation.ts';
import { errorDetail } from '../transport/error-body.ts';
import { bodyFault, garbage } from '../transport/fault.ts';
import { filledText, objectOf, objectsOf, textOf } from '../transport/fields.ts';
import { finishOf, UsageTally } from './usage.ts';

/** Reads a whole message. Blocks of kinds we never ask for are left out. */
export function parseMessage(body: JsonObject): Generation {
  if (body.type === 'error') throw bodyFault(errorDetail(body), 'upstream_error');
  if (!Array.isArray(body.content)) throw garbage('the upstream sent a message without content');
  const blocks = objectsOf(body.content);
  const usage = new UsageTally();
  usage.add(body.usage);
  const texts = blocks.filter((block) => block.type === 'text').map((block) => textOf(block.text) ?? '');
  const reasoning = blocks.flatMap(reasoningOf);
  const toolCalls = blocks.filter((block) => block.type === 'tool_use').map(toolCallOf);
  const id = filledText(body.id);
  const model = filledText(body.model);
  const stopSequence = filledText(body.stop_sequence);
  const choice = {
    index: 0,
    text: texts.length > 0 ? texts.join('') : null,
    ...(reasoning.length > 0 && { reasoning }),
    ...(toolCalls.length > 0 && { toolCalls }),
    finish: finishOf(body.stop_reason),
    ...(stopSequence !== undefined && { stopSequence }),
  };
  return {
    ...(id !== undefined && { upstreamId: id }),
    ...(model !== undefined && { upstreamModel: model }),
    choices: [choice],
    usage: usage.usage(),
  };
}

function reasoningOf(block: JsonObject): ReasoningPart[] {
  if (block.type === 'redacted_thinking') return [{ text: '', redacted: textOf(block.data) ?? '' }];
  if (block.type !== 'thinking') return [];
  const signature = filledText(block.signature);
  return [{ text: textOf(block.thinking) ?? '', ...(signature !== undefined && { signature }) }];
}

function toolCallOf(block: JsonObject, at: number): ToolCall {
  return {
    id: filledText(block.id) ?? `toolu_${at}`,
    name: filledText(block.name) ?? '',
    arguments: JSON.stringify(objectOf(block.input)),
  };
}
