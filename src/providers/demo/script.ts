import type { FinishReason, GenerationRequest, Message, Tool, UserPart } from '../generation.ts';
import { type Phrases, phrasesFor, piecesOf } from './phrases.ts';
import { valueFor } from './schema-value.ts';
import { type Dice, diceOf, pick, seedOf } from './seed.ts';

/** One choice of an answer, decided before the first word of it is sent. Each piece is one token. */
export interface Script {
  readonly reasoning: readonly string[];
  readonly text: readonly string[];
  readonly calls: readonly ScriptedCall[];
  readonly finish: FinishReason;
  readonly stopSequence?: string;
}

export interface ScriptedCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: readonly string[];
}

const CALLS_MAX = 8;
const ASKED_PIECES_MAX = 10_000;
const ASKED_LENGTH = /(?<![\d.])(\d{1,5})\s*(?:words|tokens|个?字|个?词)/;
const FILLER_SENTENCES = 3;

const THOUGHTS = { none: 0, minimal: 1, low: 2, medium: 3, high: 5, xhigh: 8, max: 12 } as const;

/** Reads what a request holds once, for all its choices. */
export interface Question {
  readonly request: GenerationRequest;
  readonly seed: number;
  /** Text of the last user message. */
  readonly asked: string;
  readonly phrases: Phrases;
}

export function readQuestion(request: GenerationRequest): Question {
  const lastUser = request.messages.findLast((message) => message.role === 'user');
  const asked = lastUser === undefined ? '' : textOf(lastUser.content);
  return { request, seed: seedOf(request.messages), asked, phrases: phrasesFor(asked) };
}

/** What choice number `choice` says. The same request gets the same script. */
export function writeScript(question: Question, choice: number): Script {
  const { request } = question;
  const dice = diceOf(question.seed + Math.imul(choice, 0x9e3779b9));
  const reasoning = writeReasoning(question, dice);
  const tools = toolsToCall(question);
  if (tools.length > 0) {
    const calls = tools.map((tool, index) => writeCall(question, tool, `${choice}${index}`, dice));
    return fit({ reasoning, text: [], calls, finish: 'tool_calls' }, request.maxOutputTokens);
  }
  const text = stopAt(writeText(question, dice), request.stop);
  return fit({ reasoning, calls: [], finish: 'stop', ...text }, request.maxOutputTokens);
}

function writeReasoning({ request, phrases }: Question, dice: Dice): readonly string[] {
  const { reasoning } = request;
  const effort = reasoning?.effort ?? (reasoning?.budgetTokens === undefined ? 'none' : 'medium');
  const pieces: string[] = [];
  for (let thought = 0; thought < THOUGHTS[effort]; thought++) {
    const sentence = pick(phrases.thoughts, dice) ?? '';
    pieces.push(...piecesOf(thought === 0 ? sentence : phrases.gap + sentence));
  }
  const budget = reasoning?.budgetTokens;
  return budget !== undefined && pieces.length > budget ? pieces.slice(0, budget) : pieces;
}

function toolsToCall({ request, asked }: Question): readonly Tool[] {
  const { tools = [], toolChoice } = request;
  if (tools.length === 0 || toolChoice?.type === 'none') return [];
  if (toolChoice?.type === 'tool') return tools.filter((tool) => tool.name === toolChoice.name).slice(0, 1);
  const forced = toolChoice?.type === 'required';
  if (!forced && request.messages.at(-1)?.role === 'tool') return [];
  const said = asked.toLowerCase();
  const named = tools.filter(({ name }) => {
    const lower = name.toLowerCase();
    return said.includes(lower) || said.includes(lower.replaceAll('_', ' '));
  });
  const wanted = named.length === 0 && forced ? tools.slice(0, 1) : named;
  return wanted.slice(0, request.parallelToolCalls === false ? 1 : CALLS_MAX);
}

function writeCall({ seed }: Question, tool: Tool, place: string, dice: Dice): ScriptedCall {
  const value = valueFor({ type: 'object', ...tool.parameters }, dice);
  return {
    id: `call_demo_${seed.toString(16).padStart(8, '0')}_${place}`,
    name: tool.name,
    arguments: piecesOf(JSON.stringify(value)),
  };
}

function writeText(question: Question, dice: Dice): readonly string[] {
  const { request, phrases, asked } = question;
  const format = request.responseFormat;
  if (format?.type === 'json_schema') return piecesOf(JSON.stringify(valueFor(format.schema, dice)));
  if (format?.type === 'json_object') {
    return piecesOf(JSON.stringify({ demo: true, notice: phrases.notice, messages: request.messages.length }));
  }
  const pieces = [...piecesOf(phrases.notice)];
  for (const sentence of describe(question)) pieces.push(...piecesOf(phrases.gap + sentence));
  const wanted = askedPieces(asked);
  const first = Math.floor(dice() * phrases.filler.length);
  for (let at = 0; wanted === undefined ? at < FILLER_SENTENCES : pieces.length < wanted; at++) {
    const sentence = phrases.filler[(first + at) % phrases.filler.length] ?? '';
    pieces.push(...piecesOf(phrases.gap + sentence));
  }
  return wanted === undefined ? pieces : pieces.slice(0, wanted);
}

/** The facts of the request, which show a newcomer what arrived. */
function describe({ request, phrases, asked }: Question): readonly string[] {
  const { messages } = request;
  const sentences = [phrases.counts(messages.length, asked.length)];
  const images = messages.reduce((sum, message) => sum + message.content.filter(isImage).length, 0);
  if (images > 0) sentences.push(phrases.images(images));
  const results = messages.slice(messages.findLastIndex((message) => message.role !== 'tool') + 1);
  if (results.length > 0) {
    const characters = results.reduce((sum, message) => sum + textOf(message.content).length, 0);
    sentences.push(phrases.toolResults(results.length, characters));
  }
  return sentences;
}

function isImage(part: UserPart): boolean {
  return part.type === 'image';
}

function askedPieces(asked: string): number | undefined {
  const digits = ASKED_LENGTH.exec(asked)?.[1];
  return digits === undefined ? undefined : Math.min(Math.max(Number(digits), 1), ASKED_PIECES_MAX);
}

function stopAt(pieces: readonly string[], stops: readonly string[] = []): Pick<Script, 'text' | 'stopSequence'> {
  const sequences = stops.filter((stop) => stop !== '');
  if (sequences.length === 0) return { text: pieces };
  const text = pieces.join('');
  let cut = text.length;
  let met: string | undefined;
  for (const stop of sequences) {
    const at = text.indexOf(stop);
    if (at >= 0 && at < cut) [cut, met] = [at, stop];
  }
  return met === undefined ? { text: pieces } : { text: piecesOf(text.slice(0, cut)), stopSequence: met };
}

/** Cuts a script to `tokensMax` pieces, thinking first; what does not fit ends it with `length`. */
function fit(script: Script, tokensMax: number | undefined): Script {
  if (tokensMax === undefined || countPieces(script) <= tokensMax) return script;
  let left = tokensMax;
  const take = (pieces: readonly string[]): readonly string[] => {
    const taken = pieces.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const reasoning = take(script.reasoning);
  const text = take(script.text);
  const calls: ScriptedCall[] = [];
  for (const call of script.calls) {
    if (left > 0) calls.push({ ...call, arguments: take(call.arguments) });
  }
  return { reasoning, text, calls, finish: 'length' };
}

/** Output tokens of a script. */
export function countPieces(script: Script): number {
  return script.calls.reduce((sum, call) => sum + call.arguments.length, script.reasoning.length + script.text.length);
}

function textOf(content: Message['content']): string {
  const [only] = content;
  if (content.length === 1 && only?.type === 'text') return only.text;
  let text = '';
  for (const part of content) if (part.type === 'text') text += part.text;
  return text;
}
