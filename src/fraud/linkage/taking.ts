import { type EvidenceDeps, type EvidenceValue, evidenceOf, laterEvidenceOf } from '../evidence/evidence-of.ts';
import { fieldCode, WORDINGS_KEPT, WORDINGS_OF_ACCOUNT_MAX } from '../evidence/fields.ts';
import type { LaterFacts, SignupFacts } from '../evidence.ts';
import type { Linked, Operator, OperatorsChanged } from '../linkage.ts';
import { traitsOfMail } from './accounts.ts';
import { toLink } from './edges.ts';
import { dayOf } from './pack.ts';
import { give, keepAccount, type LinkageParts } from './parts.ts';

/** A sign-up as digests: all that is kept of it. */
export interface Newcomer {
  readonly accountId: string;
  readonly atMs: number;
  readonly traits: number;
  readonly values: readonly EvidenceValue[];
}

/** Needs nothing of what linkage knows. */
export function newcomerOf(facts: SignupFacts, evidence: EvidenceDeps): Newcomer {
  const { mail, values } = evidenceOf(facts, evidence);
  return { accountId: facts.accountId, atMs: facts.atMs, traits: traitsOfMail(mail), values };
}

export interface Taken {
  /** Whether others are looked for through all values of the account, or through the new ones. */
  readonly through: 'all' | 'new';
  readonly atMs: number;
}

/** Gives an account values and compares it with those who have them too. */
export type Take = (account: number, found: readonly EvidenceValue[], taken: Taken) => Linked;

export function createTaking(parts: LinkageParts, tell: OperatorsChanged): Take {
  const { accounts, edges, evasion } = parts;

  return function take(account, found, { through, atMs }) {
    const day = dayOf(atMs);
    const given = found.flatMap((value) => give(parts, account, value, day) ?? []);
    if (given.length === 0 && through === 'new') return nothingNew(parts, account);
    keepAccount(parts, account);
    const { edges: made, moved } = parts.compare(account, through === 'all' ? null : given, atMs);
    if (moved.length > 0) tell({ kind: 'merged', accounts: moved.flat().map(accounts.idOf) });
    return {
      operator: operatorAt(parts, account),
      links: made.map((edge) => toLink(edge, edges, accounts.idOf)),
      evasion: evasion.look(account, atMs),
    };
  };
}

/** Who belongs to it is read when it is asked for: most who ask want its name alone. */
export function operatorAt({ components, accounts }: LinkageParts, account: number): Operator {
  const members = components.membersOf(account);
  return {
    id: accounts.idOf(members[0] ?? account),
    get accounts() {
      return members.map(accounts.idOf);
    },
  };
}

export function nothingNew(parts: LinkageParts, account: number): Linked {
  return { operator: operatorAt(parts, account), links: [], evasion: [] };
}

const WORDING = fieldCode('wording');

/** Pairs of words beyond the most that are kept of an account are left out. */
export function laterValuesOf(facts: LaterFacts, account: number, atMs: number, parts: LinkageParts): EvidenceValue[] {
  const { evidence, templates, keeping, values } = parts;
  if (facts.kind !== 'template') return laterEvidenceOf(facts, evidence);
  const { name, isNew } = templates.nameOf(facts.sketch);
  if (isNew) keeping.template({ name, sketch: facts.sketch }, atMs);
  let left = WORDINGS_OF_ACCOUNT_MAX;
  values.eachOf(account, (value) => {
    if (values.fieldOf(value) === WORDING) left--;
  });
  const pairs = facts.wording.subarray(0, Math.min(WORDINGS_KEPT, Math.max(0, left)));
  const wording = Array.from(pairs, (pair) => ({ field: WORDING, ...evidence.digestOf('wording', String(pair)) }));
  return [{ field: fieldCode('template'), ...evidence.digestOf('template', name) }, ...wording];
}
