import type { CutOffReceipt, Keys, Standing, StandingRefusal, Stop, StopSubject } from '../../accounts/index.ts';
import { refuse, type Result } from '../../base/result.ts';
import { type Asker, type Belonging, type Membership, seesAll } from '../belonging.ts';
import { absent, type PortalRefusal } from '../refusals.ts';
import type { StopBody } from './contract.ts';
import { isOwn } from './views.ts';

export interface StopsDeps {
  readonly standing: Pick<Standing, 'stop' | 'lift' | 'list' | 'receipt' | 'stopOfAccount'>;
  readonly keys: Pick<Keys, 'get' | 'ofAccount'>;
  readonly belonging: Belonging;
}

/** Stops something of the account at once; resolves when everything concerned is closed. */
export async function stopSubject(
  { standing, keys, belonging }: StopsDeps,
  asker: Asker,
  body: StopBody,
): Promise<Result<CutOffReceipt, PortalRefusal>> {
  const { accountId, personId, membership } = asker;
  const subject = await findSubject(body, accountId, { keys, belonging });
  if (subject === null) return refuse(absent(nounOf(body)));
  const unfit = await findUnfit(subject, membership, belonging);
  if (unfit !== null) return refuse(unfit);
  const stopped = await standing.stop({
    subject,
    cause: membership.role === 'owner' ? 'owner' : 'admin',
    reason: body.reason,
    by: personId,
    untilMs: body.until === null ? null : Date.parse(body.until),
  });
  return stopped.ok ? stopped : refuse(explain(stopped.refusal));
}

/** Lifts what was stopped in the account itself; what an owner stopped only an owner lifts. */
export async function liftStop(deps: StopsDeps, asker: Asker, stopId: string): Promise<Result<Stop, PortalRefusal>> {
  const { personId, membership } = asker;
  const found = await findStop(deps, asker, stopId);
  if (found === null) return refuse(absent('stop'));
  const { stop } = found;
  if (!isOwn(stop)) {
    const message = 'this was stopped by whoever runs the service and is not lifted here; its reason says what to do';
    return refuse({ status: 403, reason: 'not_yours_to_lift', message });
  }
  if (stop.cause === 'owner' && membership.role !== 'owner') {
    return refuse({ status: 403, reason: 'not_yours_to_lift', message: 'an owner stopped this; an owner lifts it' });
  }
  const lifted = await deps.standing.lift(stopId, personId);
  return lifted.ok ? lifted : refuse(explain(lifted.refusal));
}

/** Stops of the account that who asks may know of, the newest first. */
export async function listStops({ standing, keys }: StopsDeps, asker: Asker): Promise<readonly Stop[]> {
  const stops = await standing.list(asker.accountId);
  return stops.filter((stop) => concerns(stop, asker, keys));
}

/** The receipt of a stop of this account; null where there is none, or none they may know of. */
export async function findStop(
  { standing, keys }: Pick<StopsDeps, 'standing' | 'keys'>,
  asker: Asker,
  stopId: string,
): Promise<CutOffReceipt | null> {
  const receipt = await standing.receipt(stopId);
  return receipt !== null && concerns(receipt.stop, asker, keys) ? receipt : null;
}

/** Why somebody else was stopped is no matter of those who see what is their own alone. */
function concerns({ subject }: Stop, { accountId, membership }: Asker, keys: Pick<Keys, 'get'>): boolean {
  if (subject.accountId !== accountId) return false;
  if (seesAll(membership) || subject.kind === 'account' || subject.kind === 'app') return true;
  if (subject.kind === 'member') return subject.member === membership.member;
  // An end user is one of those whom the whole account serves.
  return subject.kind === 'key' && keys.get(subject.keyId)?.member === membership.member;
}

async function findSubject(
  { key_id: keyId, app, member }: StopBody,
  accountId: string,
  { keys, belonging }: Pick<StopsDeps, 'keys' | 'belonging'>,
): Promise<StopSubject | null> {
  if (keyId !== undefined) {
    return keys.get(keyId)?.accountId === accountId ? { kind: 'key', accountId, keyId } : null;
  }
  const own = keys.ofAccount(accountId);
  if (app !== undefined) {
    const known =
      own.some((key) => key.app === app) || (await belonging.apps(accountId)).some((one) => one.app === app);
    return known ? { kind: 'app', accountId, app } : null;
  }
  if (member !== undefined) {
    const known = own.some((key) => key.member === member) || (await belonging.member(accountId, member)) !== null;
    return known ? { kind: 'member', accountId, member } : null;
  }
  return { kind: 'account', accountId };
}

/** Nobody shuts themselves out, and nobody an owner: two who did it to each other would leave an account nobody can open. */
async function findUnfit(
  subject: StopSubject,
  { member }: Membership,
  belonging: Belonging,
): Promise<PortalRefusal | null> {
  if (subject.kind !== 'member') return null;
  if (subject.member === member) {
    return { status: 409, reason: 'self', message: 'you would shut yourself out; stop your keys one by one instead' };
  }
  const isOwner = (await belonging.member(subject.accountId, subject.member))?.role === 'owner';
  if (!isOwner) return null;
  const message = 'an owner is not stopped; give them another role first, which needs another owner';
  return { status: 403, reason: 'not_permitted', message };
}

function nounOf({ key_id: keyId, app }: StopBody): string {
  return keyId === undefined ? (app === undefined ? 'member' : 'app') : 'key';
}

const STATUS: Record<StandingRefusal['reason'], PortalRefusal['status']> = {
  invalid_field: 400,
  account_not_found: 404,
  key_not_found: 404,
  stop_not_found: 409,
  house_account: 409,
  too_many_stops: 409,
};

function explain({ reason, message }: StandingRefusal): PortalRefusal {
  return { status: STATUS[reason], reason, message };
}
