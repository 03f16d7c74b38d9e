import type { JsonObject } from '../../../base/json.ts';
import type { GenerationRequest, ResponseFormat, Tool, ToolChoice } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { refuseType } from '../../media-fields.ts';
import {
  checkToolChoice,
  efforts,
  limits,
  readFunction,
  readName,
  readSchemaFormat,
  verbosities,
} from '../settings.ts';

interface ToolSettings {
  readonly tools: Tool[] | undefined;
  readonly toolChoice: ToolChoice | undefined;
}

/** Tools of the caller's own; those that OpenAI would run itself are refused by name. */
export function readTools(fields: Fields, body: JsonObject): ToolSettings {
  const tools = fields.list(body, 'tools', '', limits.tools)?.map((value, index) => {
    const at = `tools[${index}].`;
    const tool = fields.asObject(value, `tools[${index}]`) ?? {};
    if (tool.type !== 'function') refuseType(fields, tool.type, `${at}type`, ['function']);
    return readFunction(fields, tool, at);
  });
  const toolChoice = readToolChoice(fields, body);
  checkToolChoice(fields, toolChoice, tools, 'tool_choice');
  return { tools: tools?.length === 0 ? undefined : tools, toolChoice };
}

function readToolChoice(fields: Fields, body: JsonObject): ToolChoice | undefined {
  const choice = body.tool_choice;
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice };
  if (typeof choice === 'string') {
    return fields.invalid(
      'tool_choice',
      'must be "auto", "none", "required" or an object',
      '必须是 “auto”、“none”、“required” 或对象',
    );
  }
  const object = fields.asObject(choice, 'tool_choice');
  if (object === undefined) return undefined;
  if (object.type !== 'function') return refuseType(fields, object.type, 'tool_choice.type', ['function']);
  return { type: 'tool', name: readName(fields, object, 'tool_choice.') };
}

interface TextSettings {
  readonly responseFormat: ResponseFormat | undefined;
  readonly verbosity: 'low' | 'medium' | 'high' | undefined;
}

export function readTextSettings(fields: Fields, body: JsonObject): TextSettings {
  const text = fields.object(body, 'text', '') ?? {};
  const verbosity = fields.oneOf(text, 'verbosity', 'text.', verbosities);
  const format = fields.object(text, 'format', 'text.');
  return { responseFormat: format && readFormat(fields, format), verbosity };
}

function readFormat(fields: Fields, format: JsonObject): ResponseFormat | undefined {
  if (format.type === 'text' || format.type === 'json_object') return { type: format.type };
  if (format.type === 'json_schema') return readSchemaFormat(fields, format, 'text.format.');
  return refuseType(fields, format.type, 'text.format.type', ['text', 'json_object', 'json_schema']);
}

export function readReasoningSettings(fields: Fields, body: JsonObject): GenerationRequest['reasoning'] {
  const reasoning = fields.object(body, 'reasoning', '');
  if (reasoning === undefined) return undefined;
  const effort = fields.oneOf(reasoning, 'effort', 'reasoning.', efforts);
  const words = ['auto', 'concise', 'detailed'] as const;
  // `generate_summary` is the older name of `summary`.
  const older = fields.oneOf(reasoning, 'generate_summary', 'reasoning.', words);
  const summary = fields.oneOf(reasoning, 'summary', 'reasoning.', words) ?? older;
  return { ...(effort !== undefined && { effort }), ...(summary !== undefined && { summary }) };
}

const includable = [
  'file_search_call.results',
  'web_search_call.results',
  'web_search_call.action.sources',
  'message.input_image.image_url',
  'computer_call_output.output.image_url',
  'code_interpreter_call.outputs',
  'reasoning.encrypted_content',
  'message.output_text.logprobs',
];

/** Log probabilities are asked for by `include`; `top_logprobs` says how many alternatives. */
export function readLogprobs(fields: Fields, body: JsonObject): { alternatives: number } | undefined {
  const include = fields.strings(body, 'include', '', 32, 64) ?? [];
  const unknown = include.findIndex((word) => !includable.includes(word));
  if (unknown !== -1) fields.invalid(`include[${unknown}]`, 'is not something that can be included', '不支持包含此项');
  const alternatives = fields.integer(body, 'top_logprobs', '', 0, 20);
  if (!include.includes('message.output_text.logprobs') && !alternatives) return undefined;
  return { alternatives: alternatives ?? 0 };
}
