import { z } from 'zod';

/** The section `idempotency`. */
export const idempotency = z
  .strictObject({
    retention_hours: z
      .int()
      .min(1)
      .max(720)
      .default(24)
      .describe('How long an answer is kept for a repeated request with the same `Idempotency-Key`.'),
    answer_bytes_max: z
      .int()
      .min(1024)
      .max(67_108_864)
      .default(1_048_576)
      .describe('Largest answer that is kept; a repeated request for a larger one is refused.'),
    answers_per_key_max: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Answers kept for one API key; then new `Idempotency-Key`s are refused.'),
  })
  .prefault({})
  .describe('Requests that carry the header `Idempotency-Key`.');
