/** What rules can name of each kind of event, and how it is read off one. The order of the fields is that of the slots. */
import type { UsageEvent } from '../../../metering/index.ts';
import type { Owner } from '../../unit.ts';
import type { RequestFacts } from '../../path.ts';
import type { EventKind } from '../contract.ts';
import type { Env, Field } from '../language/schema.ts';

/** A durable usage event of somebody. */
export type EndedEvent = Pick<
  UsageEvent,
  | 'id'
  | 'atMs'
  | 'totalMs'
  | 'endpoint'
  | 'streamed'
  | 'product'
  | 'app'
  | 'appSource'
  | 'keyId'
  | 'accountId'
  | 'member'
  | 'endUser'
  | 'modelRequested'
  | 'provider'
  | 'inputTokens'
  | 'outputTokens'
  | 'outcome'
  | 'reason'
  | 'status'
  | 'networkPrefix'
  | 'clientClass'
  | 'images'
  | 'priceNano'
  | 'verdict'
  | 'categories'
>;

/** An account that was made. */
export interface SignUpFacts {
  readonly accountId: string;
  readonly atMs: number;
  /** How: `mail`, `google`, `invitation`, ... */
  readonly way: string;
  readonly networkPrefix: string | null;
  /** What stands after the @ of the mail address; null where there is none. */
  readonly mailDomain: string | null;
}

/** What every event has, whatever its fields. */
export interface Subject {
  readonly kind: EventKind;
  readonly eventId: string;
  readonly atMs: number;
  readonly owner: Owner;
}

const text = (name: string, nullable: boolean, told = true): Field => ({ name, type: 'string', nullable, told });
const whole = (name: string, nullable = false): Field => ({ name, type: 'int', nullable, told: true });
const truth = (name: string): Field => ({ name, type: 'bool', nullable: false, told: true });

const AT: Field = { name: 'at', type: 'timestamp', nullable: false, told: true };
const WHOSE: readonly Field[] = [
  text('account', false),
  text('key', true),
  text('app', true),
  text('product', true),
  text('member', true),
  text('end_user', true),
];
const HOW: readonly Field[] = [
  text('endpoint', false),
  text('model', true),
  truth('streamed'),
  whole('input_tokens', true),
  text('network', true, false),
  text('client', false, false),
];

const REQUEST_FIELDS: readonly Field[] = [
  AT,
  ...WHOSE,
  ...HOW,
  /** What the policy asks for; null where nobody looked. */
  text('prompt.action', true),
  { name: 'prompt.labels', type: { list: 'string' }, nullable: true, told: true },
  /** Of the gravest flag, 0 to 1; null where nothing was found or nobody looked. */
  { name: 'prompt.score', type: 'double', nullable: true, told: false },
  { name: 'prompt.harm', type: 'double', nullable: true, told: false },
];

const ENDED_FIELDS: readonly Field[] = [
  AT,
  ...WHOSE,
  ...HOW,
  text('app_source', false),
  text('provider', true),
  whole('output_tokens', true),
  { name: 'took', type: 'duration', nullable: false, told: true },
  text('outcome', false),
  text('reason', true),
  whole('status'),
  whole('images'),
  /** What the caller was charged, US dollars. */
  { name: 'price_usd', type: 'double', nullable: false, told: true },
  text('verdict', false),
  { name: 'labels', type: { list: 'string' }, nullable: false, told: true },
];

const SIGN_UP_FIELDS: readonly Field[] = [
  AT,
  text('account', false),
  text('way', false),
  text('network', true, false),
  text('mail_domain', true),
];

export const FIELDS: Readonly<Record<EventKind, readonly Field[]>> = {
  request: REQUEST_FIELDS,
  ended: ENDED_FIELDS,
  sign_up: SIGN_UP_FIELDS,
};

const NANO = 1e9;
const NO_LABELS: readonly string[] = [];

/** When it ended, whole wall milliseconds: the time `ended` events are reckoned by. */
function endedAtMs(event: Pick<EndedEvent, 'atMs' | 'totalMs'>): number {
  return Math.floor(event.atMs + event.totalMs);
}

/** Labels as they are stored, with commas between. */
function labelsOf(categories: string | null): readonly string[] {
  return categories === null || categories === '' ? NO_LABELS : categories.split(',');
}

/** @param env its first slots are written; the others stay */
export function writeEnded(env: Env, event: EndedEvent): void {
  env[0] = endedAtMs(event);
  env[1] = event.accountId ?? undefined;
  env[2] = event.keyId;
  env[3] = event.app;
  env[4] = event.product;
  env[5] = event.member;
  env[6] = event.endUser;
  env[7] = event.endpoint;
  env[8] = event.modelRequested;
  env[9] = event.streamed;
  env[10] = event.inputTokens;
  env[11] = event.networkPrefix;
  env[12] = event.clientClass;
  env[13] = event.appSource;
  env[14] = event.provider;
  env[15] = event.outputTokens;
  env[16] = Math.floor(event.totalMs);
  env[17] = event.outcome;
  env[18] = event.reason;
  env[19] = event.status;
  env[20] = event.images;
  env[21] = Number(event.priceNano) / NANO;
  env[22] = event.verdict;
  env[23] = labelsOf(event.categories);
}

export function writeRequest(env: Env, request: RequestFacts): void {
  const { owner, prompt } = request;
  env[0] = request.atMs;
  env[1] = owner.accountId;
  env[2] = owner.keyId;
  env[3] = owner.app;
  env[4] = owner.product;
  env[5] = owner.member;
  env[6] = owner.endUser;
  env[7] = request.endpoint;
  env[8] = request.model;
  env[9] = request.streamed;
  env[10] = request.inputTokens;
  env[11] = request.networkPrefix;
  env[12] = request.clientClass;
  env[13] = prompt === null ? null : prompt.action;
  env[14] = prompt === null ? null : prompt.flagged.map(({ label }) => label);
  env[15] = prompt?.flagged[0]?.score ?? null;
  // Somebody looked, and no model of ours scored it: that is unknown, not nothing.
  env[16] = prompt === null ? null : (prompt.harm ?? undefined);
}

export function writeSignUp(env: Env, signUp: SignUpFacts): void {
  env[0] = signUp.atMs;
  env[1] = signUp.accountId;
  env[2] = signUp.way;
  env[3] = signUp.networkPrefix;
  env[4] = signUp.mailDomain;
}

export function subjectOfEnded(event: EndedEvent): Subject {
  return {
    kind: 'ended',
    eventId: event.id,
    atMs: endedAtMs(event),
    owner: {
      accountId: event.accountId ?? '',
      keyId: event.keyId,
      app: event.app,
      member: event.member,
      endUser: event.endUser,
      product: event.product,
    },
  };
}
