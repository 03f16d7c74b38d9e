import { assert } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { digestToken, mintToken } from '../../credentials/tokens.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Admitted, Door, DoorRefusal, DoorSetting, DoorWay, Place } from './door.ts';
import {
  type Batch,
  dropSetting,
  insertBatch,
  insertWaiting,
  putSetting,
  readAdmissions,
  readInvitation,
  readLastSerial,
  readLines,
  readSettings,
  readUntold,
  readWaiting,
  readWaitingPage,
  setAdmitted,
  setBatchRevoked,
  setTold,
  useInvitation,
  type Waiting,
} from './door-store.ts';
import { createFunnel } from './funnel.ts';
import { createLine, type Line } from './line.ts';
import { createSettings, type Settings } from './settings.ts';

export interface DoorDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  /** Those of the configuration; null where none is at hand. */
  readonly plans: readonly string[] | null;
}

export interface NewBatch {
  readonly name: string;
  readonly plan: string | null;
  readonly codes: number;
  readonly usesEach: number;
  readonly expiresAtMs: number;
  readonly by: string;
}

/** The door, and what those who answer for it do with it. */
export interface ManagedDoor extends Door {
  settings(): readonly DoorSetting[];
  /** Takes effect with the next request, before the disk has heard of it; durable once this resolves. */
  set(setting: Omit<DoorSetting, 'atMs'>): Promise<DoorSetting>;
  /** Takes back what was said of exactly this plan and region; false when nothing was. */
  unset(way: DoorWay, by: string): Promise<boolean>;
  /** The codes are told here and never again. */
  makeBatch(order: NewBatch): Promise<{ readonly batch: Batch; readonly codes: readonly string[] }>;
  /** Codes that were not used are good no longer; false when there is no such batch in force. */
  revokeBatch(id: string): Promise<boolean>;
  /** How many wait for each plan; null is the plan of those who named none. */
  waiting(): readonly { readonly plan: string | null; readonly count: number }[];
  /** Lets the first in line in; resolves with how many. */
  letIn(order: { readonly way: DoorWay; readonly count: number }): Promise<number>;
  readonly jobs: readonly { readonly name: string; readonly everyMs: number; run(): Promise<unknown> }[];
}

const WEEK_MS = 604_800_000;
/** A turn that is expected by a steady pace may come in half the time, or take twice as long. */
const SOONEST = 0.5;
const LATEST = 2;
/** People let in by one unit. */
const LET_IN_AT_ONCE = 500;
const TELL_EVERY_MS = 15_000;
const FLUSH_EVERY_MS = 5_000;

export async function createDoor(deps: DoorDeps): Promise<ManagedDoor> {
  const { storage, clock } = deps;
  const { reader, writer } = storage;
  const settings = createSettings(await readSettings(reader), deps.plans);
  const lines = await openLines(deps);
  const funnel = createFunnel(storage);
  let lastSerial = await readLastSerial(reader);
  let onAdmitted: ((accountIds: readonly string[]) => Promise<void>) | null = null;

  /** Tells those who were let in; who was not told by a process that died is told by the next. */
  async function tell(): Promise<void> {
    if (onAdmitted === null) return;
    for (;;) {
      const untold = await readUntold(reader, LET_IN_AT_ONCE);
      if (untold.length === 0) return;
      await onAdmitted(untold);
      await writer.write(untold.map(setTold));
    }
  }

  async function letIn({ way, count }: { way: DoorWay; count: number }): Promise<number> {
    let admitted = 0;
    while (admitted < count) {
      const limit = Math.min(count - admitted, LET_IN_AT_ONCE);
      const next = await readWaitingPage(reader, { way, afterSerial: 0, limit });
      if (next.length === 0) break;
      const atMs = clock.wallMs();
      const written = await writer.write(next.map(({ accountId }) => setAdmitted(accountId, atMs)));
      // Somebody left, or was let in by another: the line is read again.
      if (!written.ok) continue;
      admitted += next.length;
      lines.left(next, atMs);
    }
    await tell();
    return admitted;
  }

  return {
    settingFor: settings.of,
    settings: settings.list,
    knock: (way, invitation) => knock(deps, settings, way, invitation),
    admit: (accountId, way, invitation) =>
      admit({ ...deps, settings, lines, nextSerial: () => ++lastSerial }, { accountId, way, invitation }),
    place: async (ticket) => placeOf(await readWaiting(reader, ticket), lines, clock.wallMs()),
    note: (step, way) => funnel.note(step, way, clock.wallMs()),
    onAdmitted(listener) {
      onAdmitted = listener;
    },
    ...createManaging(deps, settings),
    waiting: lines.counts,
    letIn,
    jobs: [
      { name: 'tell those who were let in', everyMs: TELL_EVERY_MS, run: tell },
      { name: 'count who came to the door', everyMs: FLUSH_EVERY_MS, run: () => funnel.flush() },
    ],
  };
}

function createManaging({ storage, clock, random, mintId }: DoorDeps, settings: Settings) {
  const { writer } = storage;
  return {
    async set(wanted: Omit<DoorSetting, 'atMs'>): Promise<DoorSetting> {
      const setting = { ...wanted, atMs: clock.wallMs() };
      settings.put(setting);
      await writer.write(putSetting(mintId('door'), setting));
      return setting;
    },
    async unset(way: DoorWay, by: string): Promise<boolean> {
      if (!settings.take(way)) return false;
      const { plan, region } = way;
      const change = { id: mintId('door'), plan, region, state: null, reason: null, by, atMs: clock.wallMs() };
      await writer.write(dropSetting(change));
      return true;
    },
    async makeBatch({ name, plan, codes: count, usesEach, expiresAtMs, by }: NewBatch) {
      const codes = Array.from({ length: count }, () => mintToken(random));
      const facts = { name, plan, codes: count, usesEach, expiresAtMs, by };
      const batch: Batch = { ...facts, id: mintId('batch'), createdAtMs: clock.wallMs(), revokedAtMs: null };
      const written = await writer.write(insertBatch(batch, codes.map(digestToken)));
      assert(written.ok, 'a batch with a new id can be made');
      return { batch, codes };
    },
    async revokeBatch(id: string): Promise<boolean> {
      return (await writer.write([setBatchRevoked(id, clock.wallMs())])).ok;
    },
  };
}

/** Every line by its plan; an empty name is that of people who named none. */
async function openLines({ storage: { reader }, clock }: DoorDeps) {
  const waiting = Map.groupBy(await readLines(reader), ({ plan }) => plan);
  const admissions = Map.groupBy(await readAdmissions(reader, clock.wallMs() - WEEK_MS), ({ plan }) => plan);
  const lines = new Map<string, Line>();
  for (const plan of new Set([...waiting.keys(), ...admissions.keys()])) {
    const serials = (waiting.get(plan) ?? []).map(({ serial }) => serial);
    lines.set(plan, createLine(serials, admissions.get(plan) ?? []));
  }
  function of(plan: string | null): Line {
    const line = lines.get(plan ?? '') ?? createLine([], []);
    lines.set(plan ?? '', line);
    return line;
  }
  return {
    of,
    left(gone: readonly Waiting[], atMs: number): void {
      for (const [plan, those] of Map.groupBy(gone, (one) => one.plan)) {
        of(plan).leave(those.map(({ serial }) => serial));
        of(plan).admitted(those.length, atMs);
      }
    },
    counts: () => [...lines].map(([plan, line]) => ({ plan: plan || null, count: line.length() })),
  };
}

async function knock(
  { storage, clock }: DoorDeps,
  settings: Settings,
  way: DoorWay,
  invitation: string | null,
): Promise<Result<null, DoorRefusal>> {
  const { state, retryAtMs } = settings.of(way);
  if (state === 'paused') {
    return refuse({ reason: 'door_paused', message: 'nobody can sign up right now; come back later', retryAtMs });
  }
  if (invitation !== null) {
    const batch = await readInvitation(storage.reader, digestToken(invitation), clock.wallMs());
    if (batch === null || (batch.plan !== null && batch.plan !== way.plan)) return refuse(BAD_INVITATION);
    return ok(null);
  }
  if (state !== 'invite_only') return ok(null);
  const message = 'signing up needs an invitation right now; use the link or the code in yours';
  return refuse({ reason: 'door_invite_only', message, retryAtMs });
}

const BAD_INVITATION: DoorRefusal = {
  reason: 'invitation_invalid',
  message: 'this invitation is not good: it was used up, taken back or has expired, or is for another plan',
  retryAtMs: null,
};

interface Admitting extends DoorDeps {
  readonly settings: Settings;
  readonly lines: { of(plan: string | null): Line };
  nextSerial(): number;
}

async function admit(
  deps: Admitting,
  { accountId, way, invitation }: { accountId: string; way: DoorWay; invitation: string | null },
): Promise<Result<Admitted, DoorRefusal>> {
  const { storage, clock, random, settings, lines } = deps;
  if (invitation !== null) {
    const digest = digestToken(invitation);
    const batch = await readInvitation(storage.reader, digest, clock.wallMs());
    if (batch === null || (batch.plan !== null && batch.plan !== way.plan)) return refuse(BAD_INVITATION);
    return ok({ kind: 'in', ticket: null, statements: [useInvitation(digest)], kept: () => undefined });
  }
  if (settings.of(way).state === 'open') return ok({ kind: 'in', ticket: null, statements: [], kept: () => undefined });
  // Whoever was let begin and finds the door closed meanwhile keeps their place instead of being sent away.
  const ticket = mintToken(random);
  const serial = deps.nextSerial();
  const waiting = { accountId, ticket, serial, ...way, joinedAtMs: clock.wallMs(), admittedAtMs: null };
  return ok({
    kind: 'waiting',
    ticket,
    statements: [insertWaiting(waiting)],
    kept(wasKept) {
      if (wasKept) lines.of(way.plan).join(serial);
    },
  });
}

function placeOf(waiting: Waiting | null, lines: { of(plan: string | null): Line }, nowMs: number): Place | null {
  if (waiting === null) return null;
  const { accountId, plan, serial, joinedAtMs, admittedAtMs } = waiting;
  if (admittedAtMs !== null) return { state: 'admitted', accountId, ahead: 0, joinedAtMs, expected: null };
  const line = lines.of(plan);
  const ahead = line.ahead(serial);
  const perMs = line.perMs(nowMs);
  const inMs = perMs === null ? null : (ahead + 1) / perMs;
  const expected = inMs === null ? null : { fromMs: nowMs + inMs * SOONEST, toMs: nowMs + inMs * LATEST };
  return { state: 'waiting', accountId, ahead, joinedAtMs, expected };
}
