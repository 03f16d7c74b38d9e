import type { Surface } from '../../surface.ts';
import { errorBody } from '../errors.ts';
import { encodeChat } from './encode.ts';
import { type ChatExtra, parseChat } from './parse.ts';
import { createChatStream } from './stream.ts';

/** `POST /v1/chat/completions`. */
export const chatSurface: Surface<ChatExtra> = {
  parse: parseChat,
  encodeWhole: encodeChat,
  createStream: createChatStream,
  encodeError: errorBody,
};
