import type { Surface } from '../../surface.ts';
import { errorBody } from '../errors.ts';
import { encodeResponse } from './encode.ts';
import { parseResponses, type ResponsesExtra } from './parse.ts';
import { createResponsesStream } from './stream.ts';

/** `POST /v1/responses`. */
export const responsesSurface: Surface<ResponsesExtra> = {
  parse: parseResponses,
  encodeWhole: encodeResponse,
  createStream: createResponsesStream,
  encodeError: errorBody,
};
