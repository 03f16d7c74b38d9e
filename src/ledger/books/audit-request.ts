import { type Nano, sum } from '../../base/money.ts';
import type { AuditRule, Findings } from '../../storage/sql/findings.ts';
import type { Entry } from './statements.ts';

/** A transfer of a request, as the audit reads it. */
export interface RequestEntry extends Pick<Entry, 'id' | 'kind' | 'debit' | 'credit' | 'amount' | 'grantId'> {
  readonly subject: string;
}

const RULES = {
  shape: { promise: 'P3', name: 'each transfer of a request runs between the accounts its kind says' },
  balanced: { promise: 'P1', name: 'what was held was posted, given back or is held still' },
  once: { promise: 'P1', name: 'a hold is open or settled, once and never both' },
  lineage: { promise: 'P3', name: 'what is posted or given back was held of the same grant' },
  ended: { promise: 'P1', name: 'what is written off or rounded belongs to a request that has ended' },
  rest: { promise: 'P1', name: 'nothing is written off while the hold has something left' },
  missing: { promise: 'P1', name: 'each open hold has the transfers that made it' },
} as const satisfies Record<string, AuditRule>;

interface Slice {
  held: Nano;
  posted: Nano;
  released: Nano;
}

interface Request {
  readonly id: string;
  readonly grants: Map<string | null, Slice>;
  writtenOff: boolean;
  rounded: boolean;
}

/** Checks the transfers of one request after another; those of one request must come together. */
export function createRequestCheck(open: ReadonlyMap<string, Nano>, findings: Findings) {
  const unseen = new Set(open.keys());
  let request: Request | null = null;

  function finish({ id, grants, writtenOff, rounded }: Request): void {
    unseen.delete(id);
    const slices = [...grants.values()];
    const held = sum(slices.map((one) => one.held));
    const posted = sum(slices.map((one) => one.posted));
    const released = sum(slices.map((one) => one.released));
    for (const [grantId, one] of grants) {
      if (grantId === null || one.posted + one.released > one.held) findings.add(RULES.lineage, id);
    }
    const still = open.get(id) ?? 0n;
    if (held !== posted + released + still) findings.add(RULES.balanced, id);
    if (open.has(id) && posted + released > 0n) findings.add(RULES.once, id);
    if ((writtenOff || rounded) && open.has(id)) findings.add(RULES.ended, id);
    if (writtenOff && released > 0n) findings.add(RULES.rest, id);
  }

  function note(entry: RequestEntry): void {
    if (request?.id !== entry.subject) {
      if (request !== null) finish(request);
      request = { id: entry.subject, grants: new Map(), writtenOff: false, rounded: false };
    }
    if (!hasItsShape(entry)) findings.add(RULES.shape, entry.id);
    if (entry.kind === 'write_off') request.writtenOff = true;
    if (entry.kind === 'rounding') request.rounded = true;
    const side = SIDES[entry.kind];
    if (side === undefined) return;
    const slice = request.grants.get(entry.grantId) ?? { held: 0n, posted: 0n, released: 0n };
    slice[side] += entry.amount;
    request.grants.set(entry.grantId, slice);
  }

  return {
    note,
    end(): void {
      if (request !== null) finish(request);
      for (const id of unseen) findings.add(RULES.missing, id);
    },
  };
}

const SIDES: Partial<Record<Entry['kind'], keyof Slice>> = { hold: 'held', post: 'posted', release: 'released' };

function hasItsShape({ id, kind, debit, credit, grantId, subject }: RequestEntry): boolean {
  const grant = `grant:${grantId}`;
  if (!id.startsWith(`${subject}:${kind}`)) return false;
  switch (kind) {
    case 'hold':
      return debit === grant && credit === 'holds';
    case 'post':
      return debit === 'holds' && (credit === 'earnings' || credit === 'earnings_promo');
    case 'release':
      return debit === 'holds' && credit === grant;
    case 'rounding':
      return (debit === 'earnings' || debit === 'earnings_promo') && credit === 'rounding';
    case 'write_off':
      return debit === 'write_off' && credit === 'earnings';
    case 'cost':
      return debit === 'provider_cost' && credit === 'provider_payable';
    default:
      return false;
  }
}
