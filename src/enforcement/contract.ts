/** What the wires of all parts of enforcement say alike. The names of an enumeration are its `options`. */
import { z } from 'zod';
import { CONDUCTS } from './conduct.ts';
import { DECISION_KINDS } from './decision.ts';
import { STEPS } from './step.ts';
import { UNIT_KINDS } from './unit.ts';

export const conductName = z.enum(CONDUCTS, `must be one of ${CONDUCTS.join(', ')}`);
export const stepName = z.enum(STEPS, `must be one of ${STEPS.join(', ')}`);
export const unitKind = z.enum(UNIT_KINDS, `must be one of ${UNIT_KINDS.join(', ')}`);
export const decisionKind = z.enum(DECISION_KINDS);
export const severity = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal('terminal')]);
/** How far something was decided without a person. */
export const automationName = z.enum(['none', 'partial', 'full']);
export const bilingualView = z.object({ en: z.string(), zh: z.string() });

/** Whom it is about: the account itself, its operator, or a part of it. */
export const unitView = z.object({
  kind: unitKind,
  account_id: z.string(),
  /** The id of the key, the name of the app, or the end user as the caller wrote it; null for an account or an operator. */
  name: z.string().nullable(),
});

/** What a `restrict` takes away. */
export const scopeView = z.object({ models: z.array(z.string()), tools: z.boolean() });

/** A bound on the chance of a false ban. */
export const certificateView = z.object({
  method: z.string(),
  bound: z.number(),
  tolerance: z.number(),
  requests: z.number(),
  incidents: z.number(),
});

export type BilingualView = z.infer<typeof bilingualView>;
export type UnitView = z.infer<typeof unitView>;
