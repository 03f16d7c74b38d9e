import type { Random } from '../../base/random.ts';
import { parse } from 'tldts';
import type { z } from 'zod';
import { inTime } from '../../base/in-time.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import { type changeDomainBody, DOMAINS_MAX } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { domainMail, type MailLocale } from '../invitations/mail.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { WorkspaceRefusal } from '../refusal.ts';
import {
  countTry,
  deleteDomain,
  insertDomain,
  loosenSsoWithoutDomain,
  type MailDomain,
  readDomain,
  readDomains,
  requireCode,
  setCapture,
  setCode,
  setVerified,
} from './store.ts';

type Refusable<Value> = Promise<Result<Value, WorkspaceRefusal>>;

/** The TXT records of a name, each in its parts; rejects where there are none, or nobody answers. */
export type ResolveTxt = (name: string) => Promise<readonly (readonly string[])[]>;

/** Mail domains of a workspace, and how it shows that they are its own. */
export interface Domains {
  list(accountId: string): Promise<readonly MailDomain[]>;
  add(accountId: string, domain: string): Refusable<MailDomain>;
  /** Looks for the TXT record. */
  check(accountId: string, id: string): Refusable<MailDomain>;
  /** Sends a code to one of the mailboxes that look after a domain. */
  mail(accountId: string, id: string, mailbox: string, locale: MailLocale): Refusable<MailDomain>;
  confirm(accountId: string, id: string, code: string): Refusable<MailDomain>;
  change(accountId: string, id: string, body: z.output<typeof changeDomainBody>): Refusable<MailDomain>;
  remove(accountId: string, id: string): Refusable<null>;
}

/** Where the record stands, in front of the domain. */
const RECORD_NAME = '_candor-challenge';
const RECORD_START = 'candor-domain-verification=';
/** Whom a certificate authority would write to as well (Baseline Requirements of the CA/Browser Forum, 3.2.2.4.4). */
const MAILBOXES = ['admin', 'administrator', 'webmaster', 'hostmaster', 'postmaster'] as const;

const DNS_TIMEOUT_MS = 5_000;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const CODE_DIGITS = 8;
const CODE_TRIES_MAX = 5;
const CHECKS_AN_HOUR_MAX = 60;
const MAILS_A_DAY_MAX = 10;

export function recordOf({ domain, proof }: MailDomain): { readonly name: string; readonly value: string } {
  return { name: `${RECORD_NAME}.${domain}`, value: `${RECORD_START}${proof}` };
}

export function mailboxesOf({ domain }: MailDomain): string[] {
  return MAILBOXES.map((name) => `${name}@${domain}`);
}

export interface DomainDeps extends Pick<WorkspaceParts, 'storage' | 'clock' | 'random' | 'mintId'> {
  readonly accounts: Pick<WorkspaceParts['accounts'], 'get'>;
  readonly sendMail: WorkspaceParts['sendMail'];
  readonly attempts: Attempts;
  readonly resolveTxt: ResolveTxt;
  /** Whether addresses of a domain are given to anybody. */
  readonly isSharedMail: (domain: string) => boolean;
  /** Ends sessions of people of these domains who came another way than they must. */
  enforceSso(domains: readonly string[]): Promise<unknown>;
  /** Hears of a workspace that has shown a domain to be its own. */
  domainVerified(accountId: string, domain: string): Promise<void>;
}

export function createDomains(deps: DomainDeps): Domains {
  const { reader } = deps.storage;

  /** What is asked of a domain that is in the list, and not verified yet. */
  async function pending(
    accountId: string,
    id: string,
    verify: (domain: MailDomain) => Refusable<MailDomain>,
  ): Refusable<MailDomain> {
    const domain = await readDomain(reader, accountId, id);
    if (domain === null) return refuse(NOT_FOUND);
    return domain.verifiedAtMs === null ? verify(domain) : ok(domain);
  }

  return {
    list: (accountId) => readDomains(reader, accountId),
    add: (accountId, domain) => add(deps, accountId, domain),
    check: (accountId, id) => pending(accountId, id, (domain) => check(deps, domain)),
    mail: (accountId, id, mailbox, locale) => pending(accountId, id, (domain) => mail(deps, domain, mailbox, locale)),
    confirm: (accountId, id, code) => pending(accountId, id, (domain) => confirm(deps, domain, code)),
    change: (accountId, id, body) => change(deps, accountId, id, body),
    remove: (accountId, id) => remove(deps, accountId, id),
  };
}

async function add({ storage, clock, random, mintId, isSharedMail }: DomainDeps, accountId: string, domain: string) {
  // The list of public suffixes, private ones too: github.io is nobody's own.
  const found = parse(domain, { allowPrivateDomains: true });
  if (found.domain === null || !(found.isIcann || found.isPrivate)) return refuse(PUBLIC);
  // Anybody might get the mailbox of an administrator there, and speak for all the others by a single sign-on.
  if (isSharedMail(domain)) return refuse(SHARED);
  const made: MailDomain = {
    id: mintId('dom'),
    accountId,
    domain,
    proof: mintToken(random),
    verifiedAtMs: null,
    verifiedBy: null,
    capture: false,
    joinRole: 'viewer',
  };
  const written = await storage.writer.write([insertDomain(made, clock.wallMs())]);
  if (written.ok) return ok(made);
  return refuse(written.refusal.reason === 'constraint' ? EXISTS : TOO_MANY);
}

async function verified(
  { storage, clock, enforceSso, domainVerified }: DomainDeps,
  domain: MailDomain,
  by: 'dns' | 'mail',
  guards: readonly WriteStatement[],
): Refusable<MailDomain> {
  const atMs = clock.wallMs();
  const written = await storage.writer.write([...guards, setVerified(domain.id, by, atMs)]);
  if (!written.ok) return refuse(written.refusal.reason === 'constraint' ? TAKEN : CODE_REFUSED);
  await enforceSso([domain.domain]);
  await domainVerified(domain.accountId, domain.domain);
  return ok({ ...domain, verifiedAtMs: atMs, verifiedBy: by });
}

async function check(deps: DomainDeps, domain: MailDomain): Refusable<MailDomain> {
  const limit = { key: `txt ${domain.accountId}`, max: CHECKS_AN_HOUR_MAX, windowMs: HOUR_MS };
  const waitMs = deps.attempts.take([limit]);
  if (waitMs !== null) return refuse(later('the record was looked for too often; try again later', waitMs));
  const { name, value } = recordOf(domain);
  if ((await textsAt(name, deps.resolveTxt)).includes(value)) return verified(deps, domain, 'dns', []);
  return refuse(NOT_SHOWN);
}

async function mail(deps: DomainDeps, domain: MailDomain, mailbox: string, locale: MailLocale): Refusable<MailDomain> {
  const { storage, clock, random, mintId, accounts, attempts } = deps;
  const { id, accountId } = domain;
  if (!mailboxesOf(domain).includes(mailbox)) return refuse(MAILBOX);
  const waitMs = attempts.take([
    { key: `domain mail ${accountId}`, max: MAILS_A_DAY_MAX, windowMs: DAY_MS },
    { key: `domain mail to ${domain.domain}`, max: MAILS_A_DAY_MAX, windowMs: DAY_MS },
  ]);
  if (waitMs !== null) return refuse(later('too many codes were mailed today; try again tomorrow', waitMs));
  const code = mintCode(random);
  await storage.writer.write([setCode(id, digestOf(id, code), clock.wallMs() + DAY_MS)]);
  const text = domainMail(locale, domain.domain, accounts.get(accountId)?.name ?? '', code);
  const sent = await deps.sendMail(mintId('mail'), [mailbox], text);
  return sent.ok ? ok(domain) : refuse({ reason: 'mail_failed', message: sent.refusal });
}

async function confirm(deps: DomainDeps, domain: MailDomain, code: string): Refusable<MailDomain> {
  const { id } = domain;
  // Counted in a unit of its own, so that a wrong code does not undo that it was tried.
  const counted = await deps.storage.writer.write([countTry(id, deps.clock.wallMs(), CODE_TRIES_MAX)]);
  if (!counted.ok) return refuse(CODE_REFUSED);
  return verified(deps, domain, 'mail', [requireCode(id, digestOf(id, code))]);
}

async function change(
  { storage }: DomainDeps,
  accountId: string,
  id: string,
  body: z.output<typeof changeDomainBody>,
): Refusable<MailDomain> {
  const domain = await readDomain(storage.reader, accountId, id);
  if (domain === null) return refuse(NOT_FOUND);
  const after = { ...domain, capture: body.capture ?? domain.capture, joinRole: body.join_role ?? domain.joinRole };
  if (after.capture && domain.verifiedAtMs === null) return refuse(NOT_SHOWN);
  const written = await storage.writer.write([setCapture(id, after.capture, after.joinRole)]);
  return written.ok ? ok(after) : refuse(NOT_FOUND);
}

async function remove({ storage }: DomainDeps, accountId: string, id: string): Refusable<null> {
  if ((await readDomain(storage.reader, accountId, id)) === null) return refuse(NOT_FOUND);
  const written = await storage.writer.write([deleteDomain(id), loosenSsoWithoutDomain(accountId)]);
  return written.ok ? ok(null) : refuse(NOT_FOUND);
}

/** A record that is not there and a server that does not answer are the same to whoever waits for it. */
async function textsAt(name: string, resolveTxt: ResolveTxt): Promise<string[]> {
  try {
    const records = await inTime(resolveTxt(name), DNS_TIMEOUT_MS);
    return records.map((parts) => parts.join('').trim());
  } catch {
    return [];
  }
}

/** Of 64 random bits, so that no digit is likelier than another by more than one in ten thousand million. */
function mintCode(random: Random): string {
  const number = Buffer.from(random.bytes(8)).readBigUInt64BE() % 10n ** BigInt(CODE_DIGITS);
  return String(number).padStart(CODE_DIGITS, '0');
}

/** The code is short, so that it counts for this domain alone and five tries. */
function digestOf(id: string, code: string): Uint8Array {
  return digestToken(`${id} ${code}`);
}

function later(message: string, waitMs: number): WorkspaceRefusal {
  return { reason: 'too_many_mails', message, retryAfterMs: waitMs };
}

const NOT_FOUND: WorkspaceRefusal = { reason: 'domain_not_found', message: 'there is no such domain here' };
const EXISTS: WorkspaceRefusal = { reason: 'domain_exists', message: 'this domain is in the list already' };
const TAKEN: WorkspaceRefusal = {
  reason: 'domain_taken',
  message: 'another workspace has shown that this domain is its own; ask your colleagues, or the operator',
};
const PUBLIC: WorkspaceRefusal = {
  reason: 'domain_public',
  message: 'domain: under this name anybody may have a domain of their own; name yours, such as example.com',
};
const SHARED: WorkspaceRefusal = {
  reason: 'domain_public',
  message: 'domain: anybody may have an address of it; name one whose addresses your organisation gives out',
};
const NOT_SHOWN: WorkspaceRefusal = {
  reason: 'domain_not_shown',
  message: 'the TXT record is not there yet; what was entered today can take a while to be seen',
};
const MAILBOX: WorkspaceRefusal = {
  reason: 'invalid_field',
  message: 'mailbox: must be one of the addresses named with the domain',
};
const CODE_REFUSED: WorkspaceRefusal = {
  reason: 'code_refused',
  message: 'this is not the code, or it is used up or older than a day; ask for a new one',
};
const TOO_MANY: WorkspaceRefusal = {
  reason: 'too_many',
  message: `there are ${DOMAINS_MAX} domains, the most there may be`,
};
