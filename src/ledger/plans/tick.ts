import { assert } from '../../base/assert.ts';
import { includedCredit, NO_MONEY } from './change-log.ts';
import type { Core } from './core.ts';
import { recogniseDays } from './recognition.ts';
import { dueStep } from './rollover.ts';
import { readAccountsWithFees } from './store.ts';

/**
 * Everything time alone does: periods and trials end, months begin, plans past due run out, fees are earned. Several
 * steps for an account when nobody looked for a while. Resolves with how many steps it took. What goes wrong with one
 * account keeps nobody else from theirs; the first such error is thrown at the end.
 */
export async function tick(core: Core): Promise<number> {
  let steps = 0;
  const errors: unknown[] = [];
  const now = core.clock.wallMs();
  async function attempt(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      errors.push(error);
    }
  }
  for (const held of core.all()) {
    // Looked at first without a lane, because almost always nothing is due.
    if (dueStep(held, core.feeOfShare, now) === null) continue;
    const { accountId } = held;
    await attempt(async () => (steps += await core.inLane(accountId, () => catchUp(core, accountId))));
  }
  for (const accountId of await readAccountsWithFees(core.storage.reader)) {
    await attempt(() => core.inLane(accountId, () => recogniseDays(accountId, now, core)));
  }
  if (errors.length > 0) throw errors[0];
  return steps;
}

/** For one account, in its lane. Does nothing where no configuration is at hand. */
export async function catchUp(core: Core, accountId: string): Promise<number> {
  if (core.plans === null) return 0;
  const now = core.clock.wallMs();
  for (let steps = 0; ; steps++) {
    const held = core.held(accountId);
    const step = held && dueStep(held, core.feeOfShare, now);
    if (step === null) return steps;
    const { after, kind, atMs } = step;
    const amount = step.credit ? core.planOf(after.plan).includedCredit * BigInt(after.seats) : 0n;
    const credit = includedCredit(after, amount, now);
    const written = await core.apply({ ...NO_MONEY, ...credit, after, kind, atMs });
    assert(written.ok, 'a step without a payment is not refused');
  }
}
