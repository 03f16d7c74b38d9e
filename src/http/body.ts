import type { Context } from 'hono';
import type { z } from 'zod';
import { ok, refuse, type Result } from '../base/result.ts';

/** An empty body is an empty object, so that a request whose every field has a default needs none. Undefined: no JSON. */
export async function readJson(context: Context): Promise<unknown> {
  const text = await context.req.text();
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The body of a control request by its schema, or the 400 that names the first field that is wrong. */
export async function readBody<Schema extends z.ZodType>(
  context: Context,
  schema: Schema,
): Promise<Result<z.output<Schema>, Response>> {
  const body = await readJson(context);
  if (body === undefined) return refuse(refuseField(context, 'the body is not JSON'));
  const parsed = schema.safeParse(body);
  return parsed.success ? ok(parsed.data) : refuse(refuseField(context, firstProblem(parsed.error)));
}

/** 400 with the reason `invalid_field`. */
export function refuseField(context: Context, message: string): Response {
  return context.json({ error: { reason: 'invalid_field', message } }, 400);
}

/** `field: what is wrong with it`, of the first field that is wrong. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue?.code === 'unrecognized_keys') return `${issue.keys[0] ?? 'a field'}: is not a field of this request`;
  return `${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`;
}
