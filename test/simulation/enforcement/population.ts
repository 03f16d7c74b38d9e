/** What a population file may say: who asks, how often they are flagged rightly and wrongly, how they behave, who reads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ok, refuse, type Result } from '../../../src/base/result.ts';
import { CONDUCTS } from '../../../src/enforcement/conduct.ts';

const FOLDER = join(import.meta.dirname, 'populations');

const share = z.number().min(0).max(1);
const range = z.tuple([z.number(), z.number()]);
const positiveRange = z.tuple([z.number().positive(), z.number().positive()]);
const distribution = z.union([
  z.number(),
  z.strictObject({
    lognormal: z.strictObject({ median: z.number().positive(), sigma: z.number().min(0), max: z.number().optional() }),
  }),
  z.strictObject({ uniform: range }),
  z.strictObject({ log_uniform: positiveRange }),
  z.strictObject({ exponential: z.strictObject({ mean: z.number().positive(), max: z.number().optional() }) }),
  z.strictObject({ choice: z.array(z.tuple([z.number(), z.number().positive()])).min(1) }),
]);
const weights = <Name extends string>(names: readonly Name[]) =>
  z.partialRecord(z.enum(names as readonly [Name, ...Name[]]), z.number().min(0));

export const LANGUAGES = ['en', 'zh', 'other'] as const;
export const PLACES = ['home', 'campus', 'carrier'] as const;
export const PLANS = ['free', 'paid'] as const;

/** Flags come in episodes: a topic, a novel, a question of security, or abuse. */
const flags = z.strictObject({
  /** Share of a person's requests that moderation flags, drawn for each person. */
  rate: distribution,
  /** What the rate is multiplied by for the person's language: moderation knows some less well. */
  by_language: z.record(z.enum(LANGUAGES), z.number().positive()).default({ en: 1, zh: 1, other: 1 }),
  /** Requests of an episode, and how many of them are flagged; an episode without end has 0 clean requests between. */
  episode_requests: distribution,
  flagged_in_episode: share,
  /** Of an episode: how likely the second reader takes its incidents for abuse; drawn once for all of it. */
  passed: distribution,
  /** How likely the second reader cannot say. */
  unsure: share,
  /** How sure moderation is of a flag, 0 to 1. */
  confidence: distribution,
  conducts: weights(CONDUCTS),
});

/** How requests hang together: one conversation for good, one for each episode, or a new one with a new text each time. */
const CONVERSATIONS = ['one', 'episode', 'each'] as const;

const solo = z.strictObject({
  kind: z.literal('solo'),
  name: z.string(),
  about: z.string(),
  role: z.enum(['ordinary', 'mild', 'heavy', 'declared', 'undeclared']),
  accounts: z.number().int().positive(),
  requests: z.number().int().positive(),
  requests_per_day: distribution,
  seconds_between: distribution,
  language: weights(LANGUAGES),
  place: weights(PLACES),
  plan: weights(PLANS),
  flags,
  conversations: z.enum(CONVERSATIONS).default('episode'),
  /** A new key or a new end user every so many requests, and at once after a refusal; they see nothing but status codes. */
  rotates: z
    .strictObject({ what: z.enum(['key', 'end_user']), every: z.number().int().positive() })
    .nullable()
    .default(null),
  /**
   * How likely somebody who was just told of a confirmed incident drops the matter, so that the episode ends; drawn for
   * each person. Published: of those with a first strike 94 % never get a second.
   */
  heeds: distribution.default(0),
  declares: z.array(z.string()).default([]),
  /** Requests without a flag before everything else. */
  clean_history: z.number().int().min(0).default(0),
  /** False reports that others file against them within the time. */
  false_reports: distribution.default(0),
  appeals: share,
});

const shared = z.strictObject({
  kind: z.literal('shared'),
  name: z.string(),
  about: z.string(),
  accounts: z.number().int().positive(),
  end_users: distribution,
  requests_each: distribution,
  requests_per_day: distribution,
  seconds_between: distribution,
  place: z.enum(PLACES),
  language: weights(LANGUAGES),
  flags,
  /** As of people by themselves; those who abuse it heed nothing. */
  heeds: distribution,
  /** How many of the end users abuse it, and how. */
  bad_end_users: z.number().int().min(0),
  bad_flags: flags,
});

const ring = z.strictObject({
  kind: z.literal('ring'),
  name: z.string(),
  about: z.string(),
  /** The disguise of its sign-ups, in the words of the front door's populations. */
  level: z.enum(['1', '2', '3', '4']),
  accounts: z.number().int().positive(),
  /** The service has been open so long. */
  starts_on_day: z.number().int().min(0),
  /** At full scale; fewer accounts come in the same step. */
  sign_up_days: z.number().positive(),
  /** Accounts that pay within a day: free credit does not last a month. */
  pays: share,
  days: z.number().int().positive(),
  requests_per_day: z.number().int().positive(),
  honest_sign_ups: z.number().int().min(0),
  flags,
});

const SIGNS = ['network', 'device', 'client', 'mail', 'card', 'prompt'] as const;

const returning = z.strictObject({
  kind: z.literal('returning'),
  name: z.string(),
  about: z.string(),
  people: z.number().int().positive(),
  honest_sign_ups: z.number().int().positive(),
  days: z.number().int().positive(),
  returns: distribution,
  lag_hours: distribution,
  hours_until_sanction: distribution,
  has_card: share,
  behind_carrier: share,
  /** Somebody of the same home who signs up honestly after the ban. */
  housemate: share,
  /** Share of the words of their prompt that they put otherwise from one account to the next. */
  rewritten: distribution,
  /** How many of these signs are dropped each time, by level. The level of a person is drawn once. */
  levels: z.record(
    z.string(),
    z.strictObject({ share: share, drops: z.number().int().min(0), of: z.array(z.enum(SIGNS)).min(1) }),
  ),
});

const readers = z.strictObject({
  stage2_seconds: distribution,
  reviewer_hours: distribution,
  /** How often a person is right about abuse, and about somebody harmless. */
  right_about_abuse: share,
  right_about_harmless: share,
  /** What a second reader says when it is sure. */
  confidence: distribution,
  appeal_after_hours: distribution,
});

const populations = z.strictObject({
  name: z.string(),
  about: z.string(),
  readers,
  cohorts: z.array(z.discriminatedUnion('kind', [solo, shared, ring, returning])).min(1),
});

export type Populations = z.infer<typeof populations>;
export type Flags = z.infer<typeof flags>;
export type Solo = z.infer<typeof solo>;
export type Shared = z.infer<typeof shared>;
export type Ring = z.infer<typeof ring>;
export type Returning = z.infer<typeof returning>;
export type Readers = z.infer<typeof readers>;
export type Sign = (typeof SIGNS)[number];
export type Language = (typeof LANGUAGES)[number];

/** By the name of one that comes with the simulation, or by path. */
export function readPopulations(nameOrPath: string): Result<Populations, string> {
  const path = /^[\w-]+$/.test(nameOrPath) ? join(FOLDER, `${nameOrPath}.json`) : nameOrPath;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return refuse(`${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const read = populations.safeParse(json);
  return read.success ? ok(read.data) : refuse(`${path}: ${z.prettifyError(read.error)}`);
}

/** As many as `scale` makes of it, and one at least. */
export function scaled(count: number, scale: number): number {
  return Math.max(1, Math.round(count * scale));
}
