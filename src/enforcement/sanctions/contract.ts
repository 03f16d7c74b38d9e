/** The wire of sanctions. Times are ISO 8601 in UTC. */
import { z } from 'zod';
import { ONE_LINE } from '../../base/one-line.ts';
import { moment } from '../../http/contract.ts';
import { pageQuery } from '../../http/paging-query.ts';
import { bilingualView, conductName, scopeView, stepName, unitKind, unitView } from '../contract.ts';
import { SANCTION_ENDS } from '../sanction.ts';
import { SIGNAL_SOURCES } from '../signal.ts';

export const SANCTIONS_PAGE_MAX = 500;
export const NOTE_CHARS_MAX = 500;

const id = (what: string) =>
  z.string(`must be the id of ${what}`).regex(/^[A-Za-z0-9_-]{1,64}$/, `must be the id of ${what}`);
const line = (characters: number) =>
  z.string('must be a text').max(characters, `must be at most ${characters} characters`);
const said = line(NOTE_CHARS_MAX).trim().regex(ONE_LINE, `must be 1 to ${NOTE_CHARS_MAX} printable characters`);
const perhapsSaid = z.union([z.literal(''), said]);

const unitBody = z
  .strictObject({
    kind: unitKind,
    account_id: id('an account'),
    /** Of the end user, the key or the app. */
    name: line(128).min(1, 'must not be empty').nullable().default(null),
  })
  .refine(
    ({ kind, name }) => (kind === 'account' || kind === 'operator') === (name === null),
    'name: an end user, a key or an app is named; an account and an operator are not',
  );

/** `POST /control/v1/enforcement/sanctions`, and its preview. */
export const imposeBody = z.strictObject({
  unit: unitBody,
  step: stepName,
  /** Of a `restrict`: models and tools it takes away; null: tools, and all but small models. */
  scope: z
    .strictObject({ models: z.array(line(128)).max(100, 'must be at most 100 models'), tools: z.boolean() })
    .nullable()
    .default(null),
  until: moment.nullable().default(null).describe('Null: as long as the step lasts.'),
  conduct: conductName,
  /** Incidents and requests it rests on; a decision rests on something. */
  incidents: z.array(id('an incident')).max(100, 'must be at most 100').default([]),
  requests: z.int('must be a whole number').min(1, 'must be at least 1').max(1_000_000_000).default(1),
  first_at: moment,
  last_at: moment,
  sources: z.array(z.enum(SIGNAL_SOURCES)).max(SIGNAL_SOURCES.length).default(['staff']),
  categories: z.array(line(64)).max(20, 'must be at most 20').default([]),
  note: perhapsSaid.default('').describe('For the person concerned, beyond what the facts say.'),
  alternatives: said.describe('What milder step was thought of, and why it does not do.'),
});

/** `POST .../sanctions/{id}/lift` and `.../sanctions/{id}/acknowledge` */
export const liftBody = z.strictObject({ reason: said.describe('Why; the person concerned reads it.') });
export const emptyBody = z.strictObject({});

/** `waiting`: decided, and not felt yet; `expired`: over by itself. */
const SANCTION_STATES = ['waiting', 'in_force', 'expired', ...SANCTION_ENDS] as const;

export const sanctionView = z.object({
  id: z.string(),
  decision_id: z.string(),
  unit: unitView,
  step: stepName,
  scope: scopeView.nullable(),
  conduct: conductName,
  state: z.enum(SANCTION_STATES),
  decided_at: z.string(),
  start: z.string(),
  /** When it came to be felt; null while that is to come. */
  applied_at: z.string().nullable(),
  until: z.string().nullable(),
  stop_id: z.string().nullable(),
  linked_to: z.string().nullable(),
  ended_at: z.string().nullable(),
  ended_by: z.string().nullable(),
  acknowledged_at: z.string().nullable(),
});

/** `GET /control/v1/enforcement/sanctions` */
export const sanctionsQuery = z.object({
  ...pageQuery('before'),
  account: z.string().max(64).optional().describe('Of this account.'),
  step: stepName.optional(),
  conduct: conductName.optional(),
  state: z.enum(['in_force', 'over']).optional(),
});

export const sanctionListView = z.object({ data: z.array(sanctionView), next: z.string().nullable() });

/** `POST /control/v1/enforcement/sanctions/preview`: what would be done and read, with nothing done. */
export const previewView = z.object({
  /** Why it would be refused; null when it would not. */
  refusal: z.object({ reason: z.string(), message: z.string() }).nullable(),
  until: z.string().nullable(),
  /** Accounts it falls on; more than one for an operator. */
  accounts: z.number(),
  /** What is in force now and would be replaced. */
  replaces: z.array(z.string()),
  notice: bilingualView,
  redress: bilingualView,
});

/** A step that takes two people, said by the first and waiting for the second. */
const waitingView = z.object({
  id: z.string(),
  unit: unitView,
  step: stepName,
  conduct: conductName,
  alternatives: z.string(),
  by: z.string(),
  at: z.string(),
  expires_at: z.string(),
  notice: bilingualView,
});
export const waitingListView = z.object({ data: z.array(waitingView) });

/** 201 of `POST .../sanctions`: imposed, or waiting for a second person. */
export const imposedView = z.object({ sanction: sanctionView.nullable(), waiting: waitingView.nullable() });

/** As it is sent. */
export type ImposeRequest = z.input<typeof imposeBody>;
export type ImposeBody = z.output<typeof imposeBody>;
export type SanctionView = z.infer<typeof sanctionView>;
export type PreviewView = z.infer<typeof previewView>;
export type WaitingView = z.infer<typeof waitingView>;
