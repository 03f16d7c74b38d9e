/** What a population file may say, and reading one: who signs up, with what facts, and what they do then. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { refuse, ok, type Result } from '../../../src/base/result.ts';

const FOLDER = join(import.meta.dirname, 'populations');
/** Shares are of all sign-ups; a file may be off by rounding. */
const SHARE_SLACK = 0.001;

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

const NETWORKS = [
  'home',
  'carrier',
  'site',
  'venue',
  'cloud',
  'vpn',
  'residential_proxy',
  'one_prefix',
  'data_centre',
] as const;
const MAILS = [
  'public',
  'organisation',
  'relay',
  'own_domain',
  'scripted',
  'plus_tags',
  'disposable',
  'catch_all',
  'plain_names',
  'bought',
] as const;
const CLIENTS = ['browser', 'script', 'headless', 'disguised'] as const;
const DEVICES = ['own', 'none', 'shared', 'fresh', 'pool', 'same'] as const;
const PROMPTS = ['own', 'assignment', 'starter', 'team', 'probe', 'template'] as const;
const RUNGS_A_PERSON_MAY_HAVE = ['passkey', 'phone', 'card', 'organisation'] as const;

const weights = <Name extends string>(names: readonly Name[]) =>
  z.partialRecord(z.enum(names as readonly [Name, ...Name[]]), z.number().min(0));

const use = z.strictObject({
  requests_per_day: distribution,
  usd_per_request: distribution,
  share_of_days: distribution,
  flagged: distribution,
});

const people = z.strictObject({
  kind: z.literal('people'),
  name: z.string(),
  about: z.string(),
  share,
  group: z.strictObject({
    people: distribution,
    /** One household: a link inside it is counted apart. */
    is_household: z.boolean().default(false),
    arrival: z.enum(['any_time', 'working_hours']),
    /** Hours over which a group signs up, from its first; exponential around the start where it is a crowd. */
    spread_hours: distribution,
    accounts_per_person: distribution.default(1),
  }),
  network: weights(NETWORKS),
  /** Public addresses of the site, for groups that have one. */
  addresses: distribution.default(1),
  people_per_carrier_address: distribution.default(200),
  mail: weights(MAILS),
  /** Public suffixes under which sites of this cohort have their mail domains. */
  mail_suffix: z.record(z.string(), z.number().positive()).default({ example: 1 }),
  device: weights(DEVICES),
  people_per_shared_device: distribution.default(2),
  client: weights(CLIENTS),
  /** All of a group use one build of one client, as images of a lab or a company do. */
  has_one_client: z.boolean().default(false),
  prompt: weights(PROMPTS),
  paraphrase: distribution.default(0.2),
  use,
  /** Days on which they ask from elsewhere. */
  share_of_days_elsewhere: share.default(0.1),
  has: z.partialRecord(z.enum(RUNGS_A_PERSON_MAY_HAVE), share),
  /** Of those who have it, how many give a phone number or card unasked within the month, to get more credit. */
  gives_unasked: share.default(0.15),
  /** Mean seconds of the person's device for the proof of work of a quiet hour. */
  seconds_of_proof_of_work: distribution,
  /** Cannot or will not compute, and waits instead. */
  cannot_compute: share.default(0.01),
  patience_seconds: distribution,
});

const disguise = z.strictObject({
  about: z.string(),
  network: weights(NETWORKS),
  addresses: distribution,
  mail: weights(MAILS),
  accounts_per_domain: distribution,
  device: weights(DEVICES),
  devices_in_pool: distribution.default(20),
  client: weights(CLIENTS),
  clients_per_ring: distribution,
  templates: distribution,
  paraphrase: distribution,
  gap_seconds: distribution,
  form_seconds: distribution,
  accounts_per_card: distribution,
  accounts_per_phone: distribution,
  cost_usd: z.strictObject({
    account: distribution,
    phone: distribution,
    card: distribution,
    domain: distribution,
    /** To move one signal up to this level. */
    change: distribution,
  }),
});

const LEVELS = ['1', '2', '3', '4'] as const;
export type Level = (typeof LEVELS)[number];

const farm = z.strictObject({
  kind: z.literal('farm'),
  name: z.string(),
  about: z.string(),
  share,
  level: z.enum(LEVELS),
  /** Reported under this name in place of the level, and not among levels 1 to 3. */
  reported_as: z.string().optional(),
  /** In place of what the disguise of the level says. */
  mail: weights(MAILS).optional(),
  /** Sees status codes alone, changes one signal after a delay, stops at a loss. */
  is_adaptive: z.boolean().default(false),
  sizes: z.array(z.strictObject({ accounts: positiveRange, share })).min(1),
  strategies: weights(['drain', 'drip', 'patient']),
  drain_hours: distribution,
  patient_days: distribution,
  reaction_hours: distribution.default(6),
  resale: share,
});

const evader = z.strictObject({
  kind: z.literal('evader'),
  name: z.string(),
  about: z.string(),
  share,
  returns: distribution,
  lag_hours: distribution,
  keeps: z.strictObject({ network: share, device: share, client: share, mail: share, card: share, prompt: share }),
  paraphrase: distribution,
  hours_until_sanction: distribution,
});

const griefer = z.strictObject({
  kind: z.literal('griefer'),
  name: z.string(),
  about: z.string(),
  share,
  /** The population among whose groups they sit. */
  beside: z.string(),
  accounts: distribution,
  hours_until_sanction: distribution,
});

const reseller = z.strictObject({
  kind: z.literal('reseller'),
  name: z.string(),
  about: z.string(),
  share,
  end_users: distribution,
  requests_per_day: distribution,
});

const chain = z.strictObject({
  kind: z.literal('chain'),
  name: z.string(),
  about: z.string(),
  share,
  accounts: distribution,
  /** Signals an account has in common with the one it descends from. */
  kept_signals: distribution,
  shift_hours: distribution,
  per_shift: distribution,
  strategies: weights(['drain', 'drip', 'patient']),
  resale: share,
  cost_usd: z.strictObject({ account: distribution, phone: distribution, card: distribution }),
});

const populations = z
  .strictObject({
    name: z.string().min(1),
    about: z.string(),
    days: z.number().int().min(1).max(365),
    disguises: z.record(z.enum(LEVELS), disguise),
    cohorts: z.array(z.discriminatedUnion('kind', [people, farm, evader, griefer, reseller, chain])).min(1),
  })
  .superRefine((file, context) => {
    const total = file.cohorts.reduce((sum, cohort) => sum + cohort.share, 0);
    if (Math.abs(total - 1) > SHARE_SLACK)
      context.addIssue({
        code: 'custom',
        path: ['cohorts'],
        message: `shares add up to ${total.toFixed(4)}, not to 1`,
      });
    const names = file.cohorts.map(({ name }) => name);
    for (const name of names.filter((one, at) => names.indexOf(one) !== at))
      context.addIssue({ code: 'custom', path: ['cohorts'], message: `two cohorts are named '${name}'` });
    for (const cohort of file.cohorts)
      if (cohort.kind === 'griefer' && !names.includes(cohort.beside))
        context.addIssue({
          code: 'custom',
          path: ['cohorts'],
          message: `'${cohort.beside}' is no cohort of this file`,
        });
  });

export type Populations = z.infer<typeof populations>;
export type Cohort = Populations['cohorts'][number];
export type People = z.infer<typeof people>;
export type Farm = z.infer<typeof farm>;
export type Evader = z.infer<typeof evader>;
export type Griefer = z.infer<typeof griefer>;
export type Reseller = z.infer<typeof reseller>;
export type Chain = z.infer<typeof chain>;
export type Disguise = z.infer<typeof disguise>;
export type Use = z.infer<typeof use>;
export type NetworkKind = (typeof NETWORKS)[number];
export type MailKind = (typeof MAILS)[number];
export type ClientKind = (typeof CLIENTS)[number];
export type DeviceKind = (typeof DEVICES)[number];
export type PromptKind = (typeof PROMPTS)[number];
export type Strategy = 'drain' | 'drip' | 'patient';

/** Reads a file of populations: a path, or the name of one that comes with the simulator. Refuses in words that name the field. */
export function readPopulations(pathOrName: string): Result<Populations, string> {
  const path = /[/.]/.test(pathOrName) ? pathOrName : join(FOLDER, `${pathOrName}.json`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return refuse(`${path} cannot be read`);
  }
  return parsePopulations(text, path);
}

export function parsePopulations(text: string, path: string): Result<Populations, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return refuse(`${path} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const parsed = populations.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const lines = parsed.error.issues.map(
    ({ path: at, message }) => `  ${at.map(String).join('.') || 'file'}: ${message}`,
  );
  return refuse(`${path} describes no populations:\n${lines.join('\n')}`);
}

/** The same populations with another share of them farmed; all others stay in proportion. */
export function withFarmed(populations: Populations, farmed: number): Populations {
  const isFarm = ({ kind }: Cohort): boolean => kind === 'farm' || kind === 'chain';
  const before = populations.cohorts.filter(isFarm).reduce((sum, cohort) => sum + cohort.share, 0);
  const factor = (cohort: Cohort): number => (isFarm(cohort) ? farmed / before : (1 - farmed) / (1 - before));
  return { ...populations, cohorts: populations.cohorts.map((one) => ({ ...one, share: one.share * factor(one) })) };
}
