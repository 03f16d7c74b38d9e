/** Reading what people wrote: only on demand, with a reason on record, for so long in a day, and sometimes by two. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Case } from './case.ts';
import { type CaseRefusal, type Desk, refusalOf, type Viewer } from './desk.ts';
import type { Budget } from './exposure.ts';
import { putReveal, readReveal, readReveals, type Reveal } from './store.ts';

/** What was captured of a request. */
export interface Shown {
  readonly prompt: string;
  readonly reply: string;
  readonly truncated: boolean;
  readonly capturedAtMs: number;
  readonly expiresAtMs: number;
}

export interface Opened {
  readonly reveal: Reveal;
  /** Null while a second person has not agreed. */
  readonly content: Shown | null;
}

export interface Revealing {
  reveal(
    viewer: Viewer & { readonly name: string },
    caseId: string,
    requestId: string,
    reason: string,
  ): Promise<Result<Opened, CaseRefusal>>;
  /** Says how long it was in front in all. */
  looked(viewer: Viewer, revealId: string, activeMs: number): Promise<Result<Budget, CaseRefusal>>;
  /** The second person's agreement; never that of who asked. */
  allow(viewer: Viewer, caseId: string, revealId: string): Promise<Result<Reveal, CaseRefusal>>;
  /** Those that wait for somebody else than the viewer. */
  waiting(viewer: Viewer): Promise<readonly Reveal[]>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How long a wish waits for a second person, and an agreement holds. */
const WISH_MS = DAY_MS;

const WHY_NOT = {
  not_captured: [
    'content_not_captured',
    'the product of this request does not capture content; decide by the figures',
    404,
  ],
  expired: ['content_expired', 'the content of this request is past its time or erased; decide by the figures', 410],
  unreadable: [
    'content_unreadable',
    'the content of this request does not open; the file content-key may be another one',
    409,
  ],
} as const;

export function createRevealing(desk: Desk): Revealing {
  return {
    reveal: (viewer, caseId, requestId, reason) => reveal(desk, viewer, { caseId, requestId, reason }),
    looked: (viewer, revealId, activeMs) => looked(desk, viewer, revealId, activeMs),
    allow: (viewer, caseId, revealId) => allow(desk, viewer, caseId, revealId),
    waiting: (viewer) => waiting(desk, viewer),
  };
}

interface Wish {
  readonly caseId: string;
  readonly requestId: string;
  readonly reason: string;
}

async function reveal(
  desk: Desk,
  viewer: Viewer & { readonly name: string },
  asked: Wish,
): Promise<Result<Opened, CaseRefusal>> {
  const { storage, clock, policy, content } = desk.deps;
  const found = await desk.find(viewer, asked.caseId);
  if (!found.ok) return found;
  const one = found.value;
  const barred = desk.barred(one, viewer);
  if (barred !== null) return refuse(refusalOf(barred, one.id));
  const { requestId, reason } = asked;
  if (!one.requestIds.includes(requestId)) {
    const message = `request ${requestId} is not one of this case`;
    return refuse({ reason: 'request_not_in_case', message, status: 404 });
  }
  const budget = budgetOf(desk, viewer);
  if (budget.usedMs >= budget.maxMs) {
    const message = 'you have read enough for today; hand the case over, or decide it by the figures';
    return refuse({ reason: 'exposure_used_up', message, status: 409 });
  }
  const wish = await wishFor(desk, viewer, one, asked);
  if (policy.revealTakesTwo.includes(one.severity) && wish.allowedBy === null)
    return ok({ reveal: wish, content: null });
  const read = await content.read({ requestId, actor: viewer.id, actorName: viewer.name, reason });
  if (!read.ok) {
    const [why, message, status] = WHY_NOT[read.refusal];
    return refuse({ reason: why, message, status });
  }
  const opened = { ...wish, openedAtMs: clock.wallMs(), lookedMs: policy.revealSecondsMin * 1_000 };
  await storage.writer.write([putReveal(opened), desk.event(one, viewer.id, 'revealed', { request: requestId })]);
  desk.exposure.looked(viewer.id, opened.lookedMs, clock.wallMs());
  return ok({ reveal: opened, content: read.value });
}

/** The wish that waits already, or a new one. */
async function wishFor(desk: Desk, viewer: Viewer, one: Case, { requestId, reason }: Wish): Promise<Reveal> {
  const { storage, clock, mintId } = desk.deps;
  const recent = await readReveals(storage.reader, clock.wallMs() - WISH_MS);
  const known = recent.find(
    ({ caseId, requestId: request, askedBy, openedAtMs }) =>
      caseId === one.id && request === requestId && askedBy === viewer.id && openedAtMs === null,
  );
  if (known !== undefined) return known;
  const wish: Reveal = {
    id: mintId('crl'),
    caseId: one.id,
    requestId,
    reason,
    askedBy: viewer.id,
    allowedBy: null,
    atMs: clock.wallMs(),
    openedAtMs: null,
    lookedMs: 0,
  };
  await storage.writer.write([putReveal(wish), desk.event(one, viewer.id, 'reveal_asked', { request: requestId })]);
  return wish;
}

async function looked(
  desk: Desk,
  viewer: Viewer,
  revealId: string,
  activeMs: number,
): Promise<Result<Budget, CaseRefusal>> {
  const { storage, clock, policy } = desk.deps;
  const known = await readReveal(storage.reader, revealId);
  if (known?.askedBy !== viewer.id || known.openedAtMs === null) return refuse(noReveal(revealId));
  // Nobody looked at it for longer than it has been open, and what a page forgot to stop does not use up a day.
  const mostMs = Math.min(policy.revealMinutesMax * MINUTE_MS, clock.wallMs() - known.openedAtMs);
  const lookedMs = Math.max(known.lookedMs, Math.min(mostMs, activeMs));
  desk.exposure.looked(viewer.id, lookedMs - known.lookedMs, clock.wallMs());
  await storage.writer.write([putReveal({ ...known, lookedMs })]);
  return ok(budgetOf(desk, viewer));
}

async function allow(
  desk: Desk,
  viewer: Viewer,
  caseId: string,
  revealId: string,
): Promise<Result<Reveal, CaseRefusal>> {
  const { storage, clock } = desk.deps;
  const known = await readReveal(storage.reader, revealId);
  if (known === null || known.caseId !== caseId) return refuse(noReveal(revealId));
  const found = await desk.find(viewer, caseId);
  if (!found.ok) return found;
  if (known.askedBy === viewer.id) {
    const message = 'whoever asked cannot agree to it; a second person must';
    return refuse({ reason: 'needs_two_people', message, status: 403 });
  }
  if (known.openedAtMs !== null || known.atMs < clock.wallMs() - WISH_MS) return refuse(noReveal(revealId));
  const allowed = { ...known, allowedBy: viewer.id };
  const event = desk.event(found.value, viewer.id, 'reveal_allowed', { request: known.requestId });
  await storage.writer.write([putReveal(allowed), event]);
  return ok(allowed);
}

async function waiting(desk: Desk, viewer: Viewer): Promise<readonly Reveal[]> {
  const { storage, clock, policy } = desk.deps;
  const recent = await readReveals(storage.reader, clock.wallMs() - WISH_MS);
  return recent.filter((one) => {
    const about = desk.table.get(one.caseId);
    if (about === null || one.askedBy === viewer.id || one.allowedBy !== null || one.openedAtMs !== null) return false;
    return policy.revealTakesTwo.includes(about.severity) && desk.maySee(about, viewer);
  });
}

function budgetOf(desk: Desk, viewer: Viewer): Budget {
  return desk.exposure.budgetOf(desk.reviewer(viewer.id), desk.deps.clock.wallMs());
}

function noReveal(id: string): CaseRefusal {
  return { reason: 'reveal_not_found', message: `there is no reading ${id} of yours that is open`, status: 404 };
}
