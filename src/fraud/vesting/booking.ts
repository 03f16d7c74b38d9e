/** Books what the rules say: every step is one unit, and made again from what is there when the process ended in between. */
import type { Clock } from '../../base/clock.ts';
import type { VestingCredit } from '../../ledger/index.ts';
import type { Writer, WriteStatement } from '../../storage/sql/writer.ts';
import { endDays, withTaken } from './account.ts';
import { decide, type Due, promisedTo, withDue } from './decide.ts';
import { type LoadedOperator, loadOperator, type OperatorsDeps, withOthers } from './operators.ts';
import { readAccounts, type StoredAccount, updateAccount } from './store.ts';

export interface BookingDeps extends OperatorsDeps {
  readonly writer: Pick<Writer, 'write'>;
  readonly credit: VestingCredit;
  readonly clock: Clock;
  readonly breakerOpen: () => boolean;
}

/** Releases one operator may have in a row; more would be a rule that never ends. */
const STEPS_MAX = 100;

/** Gives an operator what is due, one release after the other. Call it in the operator's lane. Resolves with how many. */
export async function settle(accountId: string, deps: BookingDeps): Promise<number> {
  let released = 0;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const loaded = await load(accountId, deps);
    if (loaded === null) return released;
    await fundEnvelope(loaded, deps);
    const due = await decideOn(accountId, loaded, deps);
    if (due === null) {
      if (await noteActor(accountId, loaded, deps)) return released;
      continue;
    }
    if (await give(due, loaded, deps)) released++;
  }
  throw new Error(`what is due to ${accountId} does not come to an end`);
}

/** Others only ever lower a part: where none is due without them, they need not be read. */
async function decideOn(accountId: string, loaded: LoadedOperator, deps: BookingDeps): Promise<Due | null> {
  const due = decide(loaded.view, accountId, deps.rules);
  if (due?.why !== 'clean_day') return due;
  return decide((await withOthers(accountId, loaded, deps)).view, accountId, deps.rules);
}

/**
 * Makes an account's row say what the books say, after its operator or its standing changed, and the rows of those that
 * have another principal by it. Call it in the lane.
 */
export async function follow(accountId: string, deps: BookingDeps): Promise<void> {
  await followOne(accountId, deps);
  const loaded = await load(accountId, deps);
  const principalId = loaded?.stored[0]?.accountId;
  for (const one of loaded?.stored ?? []) {
    if (one.principalId !== principalId) await followOne(one.accountId, deps);
  }
}

async function followOne(accountId: string, deps: BookingDeps): Promise<void> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const loaded = await load(accountId, deps);
    const row = loaded?.stored.find((one) => one.accountId === accountId);
    const principalId = loaded?.stored[0]?.accountId;
    if (row === undefined || principalId === undefined) return;
    const isFurther = row.principalId === accountId && principalId !== accountId;
    const reason = row.sanctionedAtMs === null ? (isFurther ? SHARED : null) : (row.sanctionReason ?? 'sanction');
    if (reason !== null && !row.unsettled) {
      // Said before it is done, so that whoever comes after a crash looks at what was taken.
      await deps.writer.write([updateAccount(row, { ...row, unsettled: true })]);
      continue;
    }
    if (reason !== null) await deps.credit.takeBack(accountId, reason);
    const { given, isReturning } = await deps.credit.standing(accountId);
    const after = { ...row, ...withTaken(row, row.given - given), principalId, unsettled: isReturning };
    const written = await deps.writer.write([updateAccount(row, after)]);
    if (!written.ok) continue;
    if (principalId !== accountId) await deps.credit.setEnvelope(accountId, 0n);
    const again = await load(accountId, deps);
    if (again !== null) await fundEnvelope(again, deps);
    return;
  }
  throw new Error(`what changed of ${accountId} could not be followed`);
}

const SHARED = 'an older account of the same operator has this credit; they share it';

function load(accountId: string, deps: BookingDeps): Promise<LoadedOperator | null> {
  return loadOperator(accountId, deps.clock.wallMs(), deps.breakerOpen(), deps);
}

/** The envelope of the principal holds what was promised to the operator and given to none of them. */
async function fundEnvelope({ stored, view }: LoadedOperator, { credit, rules }: BookingDeps): Promise<void> {
  const principalId = stored[0]?.accountId;
  if (principalId !== undefined) await credit.setEnvelope(principalId, promisedTo(view, rules));
}

/** False when somebody else was quicker: then it is decided anew. */
async function give(due: Due, { stored, view }: LoadedOperator, deps: BookingDeps): Promise<boolean> {
  const before = stored.find(({ accountId }) => accountId === due.to);
  const to = view.members.find(({ accountId }) => accountId === due.to);
  const principalId = stored[0]?.accountId;
  if (before === undefined || to === undefined || principalId === undefined) return false;
  const after: StoredAccount = { ...before, ...withDue(to, due) };
  const given = await deps.credit.give({
    principalId,
    to: due.to,
    amount: due.amount,
    key: `v${before.version + 1}`,
    reason: `sign-up credit, tranche ${due.tranche}: ${WHY[due.why]}`,
    also: [updateAccount(before, after)],
  });
  return given === 'given';
}

const WHY: Readonly<Record<Due['why'], string>> = {
  restored: 'given again',
  entry: 'to begin with',
  joined: 'to begin with, of what is shared',
  lifted: 'the rest',
  clean_day: 'a clean day',
};

/** Keeps that a day is over, and whether the breaker is why nothing is due; false when it was changed meanwhile. */
async function noteActor(accountId: string, { stored, view }: LoadedOperator, deps: BookingDeps): Promise<boolean> {
  const row = stored.find((one) => one.accountId === accountId);
  if (row === undefined) return true;
  const waits = view.breakerOpen && decide({ ...view, breakerOpen: false }, accountId, deps.rules) !== null;
  const ended = endDays(row, deps.clock.wallMs(), deps.rules);
  if (ended === row && waits === row.waits) return true;
  const written = await deps.writer.write([updateAccount(row, { ...row, ...ended, waits })]);
  return written.ok;
}

/** Changes one account by what `how` makes of it, as it is stored then; false when there is none. */
export async function change(
  accountId: string,
  deps: BookingDeps,
  how: (before: StoredAccount) => StoredAccount,
  also: readonly WriteStatement[] = [],
): Promise<boolean> {
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    const [before] = await readAccounts(deps.reader, [accountId]);
    if (before === undefined) return false;
    const written = await deps.writer.write([updateAccount(before, how(before)), ...also]);
    if (written.ok) return true;
  }
  throw new Error(`${accountId} could not be changed`);
}
