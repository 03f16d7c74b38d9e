import type { JsonObject } from '../../../base/json.ts';
import type { Tool, ToolChoice } from '../../../providers/index.ts';
import type { Fields } from '../../fields.ts';
import { refuseType } from '../../media-fields.ts';
import { checkToolChoice, limits, readFunction, readName } from '../settings.ts';

interface ToolSettings {
  readonly tools: Tool[] | undefined;
  readonly toolChoice: ToolChoice | undefined;
  /** The caller used the older `functions`, so the answer must use `function_call`. */
  readonly olderFunctions: boolean;
}

export function readTools(fields: Fields, body: JsonObject): ToolSettings {
  const functions = fields.list(body, 'functions', '', limits.tools);
  if (functions !== undefined) return readFunctions(fields, body, functions.length);
  const list = fields.list(body, 'tools', '', limits.tools);
  const tools = list?.map((value, index) =>
    readTool(fields, fields.asObject(value, `tools[${index}]`) ?? {}, `tools[${index}].`),
  );
  const toolChoice = readToolChoice(fields, body);
  checkToolChoice(fields, toolChoice, tools, 'tool_choice');
  return { tools: tools?.length === 0 ? undefined : tools, toolChoice, olderFunctions: false };
}

function readTool(fields: Fields, tool: JsonObject, at: string): Tool {
  if (tool.type !== 'function') refuseType(fields, tool.type, `${at}type`, ['function']);
  const described = fields.asObject(tool.function, `${at}function`) ?? {};
  const cache = fields.object(tool, 'cache_control', at);
  return { ...readFunction(fields, described, `${at}function.`), ...(cache !== undefined && { cache }) };
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
  const named = fields.asObject(object.function, 'tool_choice.function') ?? {};
  return { type: 'tool', name: readName(fields, named, 'tool_choice.function.') };
}

/** `functions` and `function_call`, which `tools` replaced in 2023 and clients still send. */
function readFunctions(fields: Fields, body: JsonObject, count: number): ToolSettings {
  if (body.tools !== undefined && body.tools !== null) {
    fields.invalid('functions', 'cannot be sent together with "tools"', '不能与 “tools” 同时使用');
  }
  const tools: Tool[] = [];
  const list = body.functions as readonly JsonObject[];
  for (let index = 0; index < count; index++) {
    const path = `functions[${index}]`;
    tools.push(readFunction(fields, fields.asObject(list[index], path) ?? {}, `${path}.`));
  }
  const toolChoice = readFunctionChoice(fields, body);
  checkToolChoice(fields, toolChoice, tools, 'function_call');
  return { tools: tools.length === 0 ? undefined : tools, toolChoice, olderFunctions: true };
}

function readFunctionChoice(fields: Fields, body: JsonObject): ToolChoice | undefined {
  const choice = body.function_call;
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'auto' || choice === 'none') return { type: choice };
  const named = fields.asObject(choice, 'function_call');
  return named && { type: 'tool', name: readName(fields, named, 'function_call.') };
}
