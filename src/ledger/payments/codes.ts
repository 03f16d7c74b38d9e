import { OPERATOR_ACCOUNT_ID } from '../../accounts/index.ts';
import type { Nano } from '../../base/money.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { grantAccount } from '../chart.ts';
import type { Grant } from '../ledger.ts';
import { createAttempts } from './attempts.ts';
import { type Code, countUses, findCode, insertCode, listCodes, revokeCode, useCode } from './code-store.ts';
import { digestCode, mintCode } from './code-text.ts';
import type { PaymentsDeps } from './deps.ts';
import { createLane } from '../lanes.ts';

export interface NewCode {
  readonly credit: Nano;
  readonly usesMax: number;
  readonly perAccountMax: number;
  readonly models: readonly string[] | null;
  readonly grantMs: number | null;
  /** Null never expires. */
  readonly expiresAtMs: number | null;
}

export interface RedeemRefusal {
  readonly reason:
    | 'code_invalid'
    | 'code_expired'
    | 'code_used_up'
    | 'code_used_by_account'
    | 'account_not_found'
    | 'house_account'
    | 'too_many_attempts';
  readonly message: string;
  /** For `too_many_attempts`. */
  readonly retryAfterMs: number | null;
}

export interface Redeemed {
  readonly grantId: string;
  readonly credit: Nano;
  readonly expiresAtMs: number | null;
}

export interface Codes {
  /** `text` is the only copy of it there will ever be. */
  create(order: NewCode): Promise<{ readonly code: Code; readonly text: string }>;
  list(before: string | null, limit: number): Promise<readonly Code[]>;
  /** Null when there is none. Revoking twice is revoking once. */
  revoke(id: string): Promise<Code | null>;
  /** Gives the account what the code is worth. Wrong codes are counted. */
  redeem(accountId: string, text: string): Promise<Result<Redeemed, RedeemRefusal>>;
}

/** Where no service runs, whoever redeems is the operator; a limit is kept all the same. */
const FAILURES_PER_HOUR_DEFAULT = 10;

export function createCodes(deps: PaymentsDeps): Codes {
  const { reader, writer } = deps.storage;
  const attempts = createAttempts(deps.clock, deps.config?.redeem.failuresPerHour ?? FAILURES_PER_HOUR_DEFAULT);
  // One after the other, so that no unit is sent that the database would have to refuse.
  const inLane = createLane();

  async function look(accountId: string, text: string): Promise<Result<Redeemed, RedeemRefusal>> {
    const digest = digestCode(text);
    const code = digest === null ? null : await findCode(reader, { digest });
    // A revoked code is no code: whoever guesses learns nothing of it.
    if (code === null || code.revokedAtMs !== null)
      return refuse(no('code_invalid', 'this is no code that can be redeemed'));
    const nowMs = deps.clock.wallMs();
    if (code.expiresAtMs !== null && code.expiresAtMs <= nowMs)
      return refuse(no('code_expired', 'the code has expired'));
    const uses = await countUses(reader, code.id, accountId);
    if (uses >= code.perAccountMax) {
      return refuse(no('code_used_by_account', 'this account has redeemed the code already'));
    }
    if (code.used >= code.usesMax) return refuse(no('code_used_up', 'the code has been used up'));
    return book(deps, accountId, code, uses + 1);
  }

  return {
    async create(order) {
      const code: Code = {
        ...order,
        id: deps.mintId('code'),
        used: 0,
        createdAtMs: deps.clock.wallMs(),
        revokedAtMs: null,
      };
      const text = mintCode(deps.random);
      const digest = digestCode(text);
      if (digest === null) throw new Error('a code that was just made cannot be read');
      const written = await writer.write([insertCode(code, digest)]);
      if (!written.ok) throw new Error('a new code could not be written');
      return { code, text };
    },
    list: (before, limit) => listCodes(reader, before, limit),
    async revoke(id) {
      await writer.write([revokeCode(id, deps.clock.wallMs())]);
      return findCode(reader, { id });
    },
    async redeem(accountId, text) {
      if (accountId === OPERATOR_ACCOUNT_ID) {
        return refuse(no('house_account', "the operator's own account needs no credit"));
      }
      if (deps.accounts.get(accountId) === null) {
        return refuse(no('account_not_found', `there is no account ${accountId}`));
      }
      const waitMs = attempts.take(accountId);
      if (waitMs > 0) {
        const message = 'too many codes were tried; wait and try again';
        return refuse({ reason: 'too_many_attempts', message, retryAfterMs: waitMs });
      }
      const looked = await inLane(() => look(accountId, text));
      if (looked.ok) attempts.giveBack(accountId);
      return looked;
    },
  };
}

async function book(
  deps: PaymentsDeps,
  accountId: string,
  code: Code,
  nth: number,
): Promise<Result<Redeemed, RedeemRefusal>> {
  const atMs = deps.clock.wallMs();
  const expiresAtMs = code.grantMs === null ? null : atMs + code.grantMs;
  const grant: Grant = {
    id: deps.mintId('grant'),
    accountId,
    kind: 'promo',
    source: 'redeem',
    priority: 50,
    startsAtMs: atMs,
    expiresAtMs,
    models: code.models,
    products: null,
    reason: `redeemed ${code.id}`,
    paymentId: null,
    createdAtMs: atMs,
  };
  const posted = await deps.ledger.post({
    id: `${code.id}:${accountId}:${nth}`,
    kind: 'grant',
    accountId,
    transfers: [{ debit: 'promo_expense', credit: grantAccount(grant.id), amount: code.credit }],
    grants: [grant],
    also: useCode({ codeId: code.id, accountId, nth, grantId: grant.id, atMs }),
    note: `redeemed ${code.id}`,
  });
  if (posted.ok && !posted.value.repeated) return ok({ grantId: grant.id, credit: code.credit, expiresAtMs });
  return refuse(no('code_used_up', 'the code has been used up'));
}

function no(reason: RedeemRefusal['reason'], message: string): RedeemRefusal {
  return { reason, message, retryAfterMs: null };
}
