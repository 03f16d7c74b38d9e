import { unreachable } from '../../base/assert.ts';
import type { FilePart, ImagePart, Message, UserPart } from '../generation.ts';

type Part = Readonly<Record<string, unknown>>;
type Turn = { readonly role: 'user' | 'model'; readonly parts: Part[] };
type AssistantMessage = Extract<Message, { role: 'assistant' }>;
type ToolMessage = Extract<Message, { role: 'tool' }>;

/**
 * From the third generation on, the first call of a turn must carry the signature it came with. A history from
 * elsewhere has none; this value is the documented way to say so.
 */
const SIGNATURE_UNKNOWN = 'skip_thought_signature_validator';

/** What the system and the developer said, for the one place the format has for it; undefined when they said nothing. */
export function systemInstruction(messages: readonly Message[]): object | undefined {
  const parts = messages.flatMap((message) =>
    message.role === 'system' || message.role === 'developer' ? message.content.map(({ text }) => ({ text })) : [],
  );
  return parts.length > 0 ? { parts } : undefined;
}

/** The turns of the conversation; neighbours of one role become one. */
export function contents(messages: readonly Message[], signed: boolean): Turn[] {
  const names = toolNames(messages);
  const out: Turn[] = [];
  for (const message of messages) {
    const parts = partsOf(message, names, signed);
    if (parts.length === 0) continue;
    const role = message.role === 'assistant' ? 'model' : 'user';
    const last = out.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else out.push({ role, parts });
  }
  return out;
}

/** Results are matched to calls by name as well as by id here, and a result message knows only the id. */
function toolNames(messages: readonly Message[]): ReadonlyMap<string, string> {
  const calls = messages.flatMap((message) => (message.role === 'assistant' ? (message.toolCalls ?? []) : []));
  return new Map(calls.map((call) => [call.id, call.name]));
}

function partsOf(message: Message, names: ReadonlyMap<string, string>, signed: boolean): Part[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user':
      return message.content.flatMap(userParts);
    case 'assistant':
      return modelParts(message, signed);
    case 'tool':
      return toolParts(message, names);
    default:
      return unreachable(message);
  }
}

function userParts(part: UserPart): Part[] {
  switch (part.type) {
    case 'text':
      return part.text === '' ? [] : [{ text: part.text }];
    case 'image':
      return [imagePart(part)];
    case 'audio':
      return [{ inlineData: { mimeType: `audio/${part.format}`, data: part.data } }];
    case 'file':
      return [filePart(part)];
    default:
      return unreachable(part);
  }
}

function imagePart({ source }: ImagePart): Part {
  return source.kind === 'url'
    ? { fileData: { fileUri: source.url, mimeType: imageType(source.url) } }
    : { inlineData: { mimeType: source.mediaType, data: source.data } };
}

/** The type an address's ending tells; undefined lets the upstream find out. */
function imageType(url: string): string | undefined {
  const ending = /\.(png|jpe?g|webp|gif|heic)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase();
  return ending === undefined ? undefined : `image/${ending === 'jpg' ? 'jpeg' : ending}`;
}

function filePart({ source, mediaType }: FilePart): Part {
  if (source.kind === 'base64') return { inlineData: { mimeType: mediaType ?? 'application/pdf', data: source.data } };
  return { fileData: { fileUri: source.kind === 'url' ? source.url : source.id, mimeType: mediaType } };
}

/** Signatures go back to the calls they came with, in order; without calls the last one belongs to the text. */
function modelParts(message: AssistantMessage, signed: boolean): Part[] {
  const signatures = (message.reasoning ?? []).flatMap((part) => part.signature ?? []);
  const calls = message.toolCalls ?? [];
  const texts: Part[] = [
    ...message.content.flatMap(userParts),
    ...(message.refusal ? [{ text: message.refusal }] : []),
  ];
  const last = texts.at(-1);
  if (calls.length === 0 && last !== undefined && signatures.length > 0) {
    texts[texts.length - 1] = { ...last, thoughtSignature: signatures.at(-1) };
  }
  return [
    ...texts,
    ...calls.map((call, at) => ({
      functionCall: { id: call.id, name: call.name, args: objectOrWrapped(call.arguments, 'invalid_arguments') },
      thoughtSignature: signatures[at] ?? (signed && at === 0 ? SIGNATURE_UNKNOWN : undefined),
    })),
  ];
}

function toolParts(message: ToolMessage, names: ReadonlyMap<string, string>): Part[] {
  const text = message.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const response = message.isError ? { error: text } : objectOrWrapped(text, 'result');
  const name = names.get(message.toolCallId) ?? message.toolCallId;
  return [
    { functionResponse: { id: message.toolCallId, name, response } },
    ...message.content.filter((part) => part.type !== 'text').flatMap(userParts),
  ];
}

/** The format wants an object where others take any text: JSON that is one goes as it is, else under `name`. */
function objectOrWrapped(text: string, name: string): object {
  if (text === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Not JSON: wrapped below.
  }
  return { [name]: text };
}
