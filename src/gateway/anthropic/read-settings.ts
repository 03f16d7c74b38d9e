import type { JsonObject } from '../../base/json.ts';
import type { GenerationRequest, ResponseFormat, Tool, ToolChoice } from '../../providers/index.ts';
import type { Fields } from '../fields.ts';
import { refuseType } from '../media-fields.ts';
import { readCache } from './read-blocks.ts';

const toolsMax = 512;

/** Tools of the caller's own; those that Anthropic would run itself are refused by name. */
export function readTools(fields: Fields, body: JsonObject): Tool[] | undefined {
  const list = fields.list(body, 'tools', '', toolsMax);
  if (list === undefined || list.length === 0) return undefined;
  return list.map((value, index) => {
    const at = `tools[${index}].`;
    const tool = fields.asObject(value, `tools[${index}]`) ?? {};
    if (tool.type !== undefined && tool.type !== null && tool.type !== 'custom') {
      refuseType(fields, tool.type, `${at}type`, ['custom']);
    }
    const description = fields.string(tool, 'description', at);
    const parameters = fields.object(tool, 'input_schema', at);
    if (parameters === undefined) fields.missing(`${at}input_schema`);
    const strict = fields.boolean(tool, 'strict', at);
    return {
      name: readToolName(fields, tool, at),
      ...(description !== undefined && { description }),
      ...(parameters !== undefined && { parameters }),
      ...(strict !== undefined && { strict }),
      ...readCache(fields, tool, at),
    };
  });
}

function readToolName(fields: Fields, from: JsonObject, at: string): string {
  const name = fields.requiredString(from, 'name', at, 128);
  if (name !== '' && !/^[A-Za-z0-9_.:-]+$/.test(name)) {
    fields.invalid(`${at}name`, 'may hold letters, digits, "_", "-", "." and ":" only', '只能包含字母、数字和 “_-.:”');
  }
  return name;
}

interface ChoiceSettings {
  readonly toolChoice: ToolChoice | undefined;
  readonly parallelToolCalls: boolean | undefined;
}

export function readToolChoice(fields: Fields, body: JsonObject, tools: readonly Tool[] | undefined): ChoiceSettings {
  const choice = fields.object(body, 'tool_choice', '');
  if (choice === undefined) return { toolChoice: undefined, parallelToolCalls: undefined };
  const alone = fields.boolean(choice, 'disable_parallel_tool_use', 'tool_choice.');
  const parallelToolCalls = alone === undefined ? undefined : !alone;
  switch (choice.type) {
    case 'auto':
    case 'none':
      return { toolChoice: { type: choice.type }, parallelToolCalls };
    case 'any':
      if (!tools?.length) fields.invalid('tool_choice', 'needs "tools" to choose from', '需要同时提供 “tools”');
      return { toolChoice: { type: 'required' }, parallelToolCalls };
    case 'tool': {
      const name = readToolName(fields, choice, 'tool_choice.');
      if (!tools?.some((tool) => tool.name === name)) {
        fields.invalid('tool_choice.name', 'names a tool that is not in "tools"', '指定的工具不在 “tools” 中');
      }
      return { toolChoice: { type: 'tool', name }, parallelToolCalls };
    }
    default:
      refuseType(fields, choice.type, 'tool_choice.type', ['auto', 'any', 'tool', 'none']);
      return { toolChoice: undefined, parallelToolCalls };
  }
}

/** `output_config`: how hard to think, and a JSON schema for the answer. */
export function readOutputConfig(fields: Fields, body: JsonObject) {
  const config = fields.object(body, 'output_config', '') ?? {};
  const effort = fields.oneOf(config, 'effort', 'output_config.', ['low', 'medium', 'high', 'xhigh', 'max']);
  const format = fields.object(config, 'format', 'output_config.');
  return { effort, responseFormat: format && readFormat(fields, format) };
}

function readFormat(fields: Fields, format: JsonObject): ResponseFormat | undefined {
  if (format.type !== 'json_schema')
    return refuseType(fields, format.type, 'output_config.format.type', ['json_schema']);
  const schema = fields.object(format, 'schema', 'output_config.format.');
  if (schema === undefined) return fields.missing('output_config.format.schema');
  return { type: 'json_schema', name: 'output', schema, strict: true };
}

/**
 * `thinking`: a budget when enabled, effort `none` when disabled, and an object without a budget when adaptive, which
 * means that the model decides.
 */
export function readThinking(
  fields: Fields,
  body: JsonObject,
  effort: 'low' | 'medium' | 'high' | 'xhigh' | 'max' | undefined,
  maxTokens: number | undefined,
): GenerationRequest['reasoning'] {
  const wanted = effort === undefined ? {} : { effort };
  const thinking = fields.object(body, 'thinking', '');
  if (thinking === undefined) return effort === undefined ? undefined : wanted;
  const display = fields.oneOf(thinking, 'display', 'thinking.', ['summarized', 'omitted']);
  const summary = display === 'summarized' ? { summary: 'auto' as const } : {};
  if (thinking.type === 'disabled') return { effort: 'none' };
  if (thinking.type === 'adaptive') return { ...wanted, ...summary };
  if (thinking.type !== 'enabled') {
    return refuseType(fields, thinking.type, 'thinking.type', ['enabled', 'adaptive', 'disabled']);
  }
  const budgetTokens = fields.integer(thinking, 'budget_tokens', 'thinking.', 1_024, 10_000_000);
  if (budgetTokens === undefined) return fields.missing('thinking.budget_tokens');
  if (maxTokens !== undefined && budgetTokens >= maxTokens) {
    return fields.invalid('thinking.budget_tokens', 'must be below "max_tokens"', '必须小于 “max_tokens”');
  }
  return { ...wanted, ...summary, budgetTokens };
}
