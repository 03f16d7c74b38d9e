import type { EmbeddingRequest, GenerationRequest, ReasoningEffort, ResponseFormat, Tool } from '../generation.ts';
import type { Attempt } from '../provider.ts';
import { inexpressible } from '../transport/fault.ts';
import { allowedUnknown } from '../transport/pass-fields.ts';
import { contents, systemInstruction } from './contents.ts';
import { geminiSchema } from './schema.ts';

/** The generation of models that thinks in levels, not in budgets, and signs its calls. */
const THINKS_IN_LEVELS = /gemini-(?:[3-9]|\d\d)/;

/** The body of `generateContent` and `streamGenerateContent`. Members that are undefined are not sent. */
export function generateBody(request: GenerationRequest, attempt: Attempt): object {
  return {
    ...allowedUnknown(request.unknownFields, attempt.passFields),
    systemInstruction: systemInstruction(request.messages),
    contents: contents(request.messages, THINKS_IN_LEVELS.test(attempt.upstreamModel)),
    ...toolFields(request),
    generationConfig: {
      ...samplingFields(request),
      ...formatFields(request.responseFormat),
      thinkingConfig: thinkingConfig(request.reasoning, attempt.upstreamModel),
    },
  };
}

export function countBody(request: GenerationRequest, attempt: Attempt): object {
  return { generateContentRequest: { model: modelPath(attempt.upstreamModel), ...generateBody(request, attempt) } };
}

export function embedBody(request: EmbeddingRequest, attempt: Attempt): object {
  const model = modelPath(attempt.upstreamModel);
  return {
    requests: request.inputs.map((input) => {
      if (typeof input !== 'string') throw inexpressible('this upstream embeds texts, not token numbers', 'input');
      return { model, content: { parts: [{ text: input }] }, outputDimensionality: request.dimensions };
    }),
  };
}

/** The model's place in addresses and bodies: `models/<name>`, or as configured when it names another collection. */
export function modelPath(model: string): string {
  const path = model.includes('/') ? model : `models/${model}`;
  return path.split('/').map(encodeURIComponent).join('/');
}

function toolFields(request: GenerationRequest): object {
  if (!request.tools?.length) return {};
  return {
    tools: [{ functionDeclarations: request.tools.map(declaration) }],
    toolConfig:
      request.toolChoice === undefined ? undefined : { functionCallingConfig: callingConfig(request.toolChoice) },
  };
}

function declaration(tool: Tool): object {
  const { name, description, parameters } = tool;
  return { name, description, parametersJsonSchema: parameters === undefined ? undefined : geminiSchema(parameters) };
}

function callingConfig(choice: NonNullable<GenerationRequest['toolChoice']>): object {
  if (choice.type === 'tool') return { mode: 'ANY', allowedFunctionNames: [choice.name] };
  return { mode: choice.type === 'required' ? 'ANY' : choice.type.toUpperCase() };
}

function samplingFields(request: GenerationRequest): object {
  return {
    candidateCount: request.choiceCount > 1 ? request.choiceCount : undefined,
    maxOutputTokens: request.maxOutputTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    stopSequences: request.stop?.length ? request.stop : undefined,
    seed: request.seed,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    responseLogprobs: request.logprobs === undefined ? undefined : true,
    logprobs: request.logprobs?.alternatives,
  };
}

function formatFields(format: ResponseFormat | undefined): object {
  if (format === undefined || format.type === 'text') return {};
  const responseJsonSchema = format.type === 'json_schema' ? geminiSchema(format.schema) : undefined;
  return { responseMimeType: 'application/json', responseJsonSchema };
}

const BUDGETS: Readonly<Record<ReasoningEffort, number>> = {
  none: 0,
  minimal: 512,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 24_576,
  max: 24_576,
};

const LEVELS: Readonly<Record<ReasoningEffort, string>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/** Thoughts are asked for only by a caller that has a place for them. */
function thinkingConfig(reasoning: GenerationRequest['reasoning'], model: string): object | undefined {
  if (reasoning === undefined) return undefined;
  const { effort, budgetTokens, summary } = reasoning;
  const includeThoughts = summary !== undefined || budgetTokens !== undefined || undefined;
  if (budgetTokens !== undefined) return { thinkingBudget: budgetTokens, includeThoughts };
  if (effort === undefined) return includeThoughts && { includeThoughts };
  return THINKS_IN_LEVELS.test(model)
    ? { thinkingLevel: LEVELS[effort], includeThoughts }
    : { thinkingBudget: BUDGETS[effort], includeThoughts };
}
