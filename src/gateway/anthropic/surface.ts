import type { Surface } from '../surface.ts';
import { encodeMessage } from './encode.ts';
import { errorBody } from './errors.ts';
import { type MessagesExtra, parseMessages } from './parse.ts';
import { createMessagesStream } from './stream.ts';

/** `POST /v1/messages`. */
export const messagesSurface: Surface<MessagesExtra> = {
  parse: parseMessages,
  encodeWhole: encodeMessage,
  createStream: createMessagesStream,
  encodeError: errorBody,
};
