import type { JsonObject } from '../../base/json.ts';
import type { ReasoningEffort, ResponseFormat, Tool, ToolChoice } from '../../providers/index.ts';
import type { Fields } from '../fields.ts';

/** Bounds that both formats of OpenAI share. */
export const limits = {
  messages: 10_000,
  partsPerMessage: 1_000,
  tools: 512,
  outputTokensMax: 10_000_000,
  endUserChars: 512,
  idChars: 1_024,
  toolNameChars: 128,
  metadataPairs: 16,
  metadataKeyChars: 64,
  metadataValueChars: 512,
} as const;

export const efforts: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
export const verbosities = ['low', 'medium', 'high'] as const;

/** The fields that chat completions and responses spell the same. Absent ones are undefined. */
export function readSharedSettings(fields: Fields, body: JsonObject) {
  const user = fields.string(body, 'user', '', limits.endUserChars);
  return {
    temperature: fields.number(body, 'temperature', '', 0, 2),
    topP: fields.number(body, 'top_p', '', 0, 1),
    parallelToolCalls: fields.boolean(body, 'parallel_tool_calls', ''),
    endUser: fields.string(body, 'safety_identifier', '', limits.endUserChars) ?? user,
    serviceTier: fields.string(body, 'service_tier', '', 32),
    promptCacheKey: fields.string(body, 'prompt_cache_key', '', limits.idChars),
    metadata: readMetadata(fields, body),
  };
}

/** Up to 16 pairs of short strings. */
function readMetadata(fields: Fields, body: JsonObject): JsonObject | undefined {
  const metadata = fields.object(body, 'metadata', '');
  if (metadata === undefined) return undefined;
  const keys = Object.keys(metadata);
  if (keys.length > limits.metadataPairs) {
    return fields.invalid(
      'metadata',
      `must have at most ${limits.metadataPairs} pairs`,
      `最多 ${limits.metadataPairs} 对`,
    );
  }
  for (const key of keys) {
    if (key.length > limits.metadataKeyChars) {
      return fields.invalid(
        'metadata',
        `must have keys of at most ${limits.metadataKeyChars} characters`,
        `键不能超过 ${limits.metadataKeyChars} 个字符`,
      );
    }
    const value = metadata[key];
    if (typeof value !== 'string' || value.length > limits.metadataValueChars) {
      const most = limits.metadataValueChars;
      return fields.invalid(
        `metadata.${key}`,
        `must be a string of at most ${most} characters`,
        `必须是不超过 ${most} 个字符的字符串`,
      );
    }
  }
  return metadata;
}

/** The name of a tool or of an output schema. */
export function readName(fields: Fields, from: JsonObject, at: string): string {
  const name = fields.requiredString(from, 'name', at, limits.toolNameChars);
  if (name !== '' && !/^[A-Za-z0-9_.:-]+$/.test(name)) {
    fields.invalid(`${at}name`, 'may hold letters, digits, "_", "-", "." and ":" only', '只能包含字母、数字和 “_-.:”');
  }
  return name;
}

/** A function tool, given the object that holds its name. */
export function readFunction(fields: Fields, from: JsonObject, at: string): Tool {
  const description = fields.string(from, 'description', at);
  const parameters = fields.object(from, 'parameters', at);
  const strict = fields.boolean(from, 'strict', at);
  return {
    name: readName(fields, from, at),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters }),
    ...(strict !== undefined && { strict }),
  };
}

/** The body of a `json_schema` format, given the object that holds its name. */
export function readSchemaFormat(fields: Fields, from: JsonObject, at: string): ResponseFormat {
  const description = fields.string(from, 'description', at);
  const strict = fields.boolean(from, 'strict', at);
  return {
    type: 'json_schema',
    name: readName(fields, from, at),
    schema: fields.object(from, 'schema', at) ?? {},
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
  };
}

/** A choice that forces a call needs the tool it forces. */
export function checkToolChoice(
  fields: Fields,
  choice: ToolChoice | undefined,
  tools: readonly Tool[] | undefined,
  path: string,
): void {
  if (choice?.type === 'tool' && !tools?.some((tool) => tool.name === choice.name)) {
    fields.invalid(path, 'names a tool that is not in "tools"', '指定的工具不在 “tools” 中');
  } else if (choice?.type === 'required' && !tools?.length) {
    fields.invalid(path, 'needs "tools" to choose from', '需要同时提供 “tools”');
  }
}
