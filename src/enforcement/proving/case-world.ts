/** Cases over a database of their own, for tests: time and chance are held, and what follows from a decision is noted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { createMintId } from '../../base/ids.ts';
import { systemRandom } from '../../base/random.ts';
import { ok } from '../../base/result.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { createContent, meteringMigrations } from '../../metering/index.ts';
import { openStorage, type Storage } from '../../storage/sql/storage.ts';
import type { CaseOpening } from '../cases/case.ts';
import { type Cases, createCases } from '../cases/cases.ts';
import type { CaseActions, StaffPerson } from '../cases/deps.ts';
import { REVIEW_DEFAULTS, type ReviewPolicy } from '../cases/policy.ts';
import type { Conduct } from '../conduct.ts';
import type { Reading } from '../incident.ts';
import { enforcementCases } from '../migrations/2026-11-22-enforcement-cases.ts';
import type { Sanction, SanctionOrder } from '../sanction.ts';

const START_MS = Date.UTC(2027, 4, 14, 10);

/** What decisions asked for, in order. */
export interface Followed {
  readonly readings: Reading[];
  readonly undone: string[];
  readonly said: Conduct[];
  readonly imposed: SanctionOrder[];
  readonly ended: { readonly id: string; readonly how: string }[];
}

export interface CaseWorld {
  cases: Cases;
  readonly storage: Storage;
  readonly followed: Followed;
  /** Everybody of the staff; a test may change it. */
  readonly staff: StaffPerson[];
  /** What the next draws come to. */
  chance: number;
  /** Moves both clocks. */
  pass(ms: number): void;
  nowMs(): number;
  /** Captures what was written in a request, so that it can be revealed. */
  capture(requestId: string, accountId: string): Promise<void>;
  accesses(): Promise<number>;
  opening(more?: Partial<CaseOpening>): CaseOpening;
  ask<Answer>(who: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: Answer }>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Three people who review, of whom `staff_lead` leads; nothing is read twice unless the policy says so. */
export async function openCaseWorld(policy: Partial<ReviewPolicy> = {}): Promise<CaseWorld> {
  const dataDir = mkdtempSync(join(tmpdir(), 'candor-cases-'));
  const time = { wall: START_MS, mono: 0 };
  const clock = { wallMs: () => time.wall, monoMs: () => time.mono };
  const mintId = createMintId(clock, systemRandom);
  const migrations = [...meteringMigrations, enforcementCases];
  const storage = await openStorage({ dataDir, migrations, clock, random: systemRandom, onFatal: () => undefined });
  const content = createContent({ storage, clock, random: systemRandom, mintId, onKeyLost: () => undefined });
  const followed: Followed = { readings: [], undone: [], said: [], imposed: [], ended: [] };
  const staff = [person('staff_a'), person('staff_b'), person('staff_c'), { ...person('staff_lead'), leads: true }];
  let openings = 0;

  const world: CaseWorld = {
    cases: undefined as never,
    storage,
    followed,
    staff,
    chance: 0.999,
    pass(ms) {
      time.wall += ms;
      time.mono += ms;
    },
    nowMs: () => time.wall,
    capture: (requestId, accountId) =>
      content.keep(
        { requestId, accountId, prompt: `what ${requestId} asks`, reply: 'an answer', truncated: false },
        { retentionDays: 30, bytesMax: 1_000 },
      ),
    accesses: async () => (await content.accesses({ after: null, limit: 100 })).length,
    opening(more = {}) {
      openings += 1;
      const account = `acct_${openings}`;
      return { ...openingOf(account, `inc_${openings}`, time.wall), ...more };
    },
    async ask(who, method, path, body) {
      const app = new Hono<{ Variables: ControlVariables }>();
      app.use('*', async (context, next) => {
        context.set('actor', actorOf(who));
        await next();
      });
      app.route('/', world.cases.routes as Hono);
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const answer = await app.request(`/control/v1/enforcement/${path}`, init);
      return { status: answer.status, body: (await answer.json()) as never };
    },
    async restart() {
      world.cases = await createCases(deps);
    },
    async close() {
      await storage.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  const deps = {
    storage,
    clock,
    random: { ...systemRandom, unit: () => world.chance },
    mintId,
    policy: { ...REVIEW_DEFAULTS, doubleReviewPercent: 0, ...policy },
    actions: actionsInto(followed, () => time.wall),
    content,
    staff: () => Promise.resolve(staff),
  };
  await world.restart();
  return world;
}

function person(id: string): StaffPerson {
  return { id, name: id, active: true, mayReview: true, leads: false };
}

function actorOf(id: string): Actor {
  return id === 'local'
    ? { kind: 'local' }
    : { kind: 'staff', id, name: id, role: 'trust_safety', networkPrefix: null };
}

function openingOf(accountId: string, incidentId: string, nowMs: number): CaseOpening {
  return {
    kind: 'incident',
    conduct: 'hate',
    severity: 2,
    unit: { kind: 'account', accountId },
    owner: { accountId, keyId: null, app: null, member: null, endUser: null, product: 'chat' },
    language: 'en',
    probability: 0.6,
    facts: {
      requests: 3,
      accounts: 1,
      signals: 4,
      sources: ['moderation'],
      categories: [{ name: 'hate', count: 4 }],
      firstAtMs: nowMs - 3_600_000,
      lastAtMs: nowMs,
      score: 1.5,
      cusum: 0.4,
      alarmAt: 4,
      posterior: 0.3,
      certificateBound: null,
      stepNow: null,
    },
    incidents: [incidentId],
    requestIds: [`req_of_${incidentId}`],
    sanctionId: null,
    decisionId: null,
    reportId: null,
    rule: null,
    proposal: null,
    subjects: [`incident ${incidentId}`],
    authors: [],
  };
}

function actionsInto(followed: Followed, nowMs: () => number): CaseActions {
  let sanctions = 0;
  return {
    read(reading) {
      followed.readings.push(reading);
      return Promise.resolve({ known: true, sanctions: [] });
    },
    undo(incidentIds) {
      followed.undone.push(...incidentIds);
      return Promise.resolve(incidentIds.length);
    },
    say({ conduct }) {
      followed.said.push(conduct);
      return Promise.resolve();
    },
    impose(order) {
      followed.imposed.push(order);
      sanctions += 1;
      return Promise.resolve(ok(sanctionOf(`san_${sanctions}`, order, nowMs())));
    },
    endSanction(id, how) {
      followed.ended.push({ id, how });
      const ended = { how, atMs: nowMs(), by: 'staff' };
      return Promise.resolve(ok({ ...sanctionOf(id, null, nowMs()), ended }));
    },
  };
}

function sanctionOf(id: string, order: SanctionOrder | null, nowMs: number): Sanction {
  return {
    id,
    decisionId: `dec_of_${id}`,
    unit: order?.unit ?? { kind: 'account', accountId: 'acct_x' },
    step: order?.step ?? 'suspend',
    scope: null,
    conduct: order?.facts.conduct ?? 'hate',
    decidedAtMs: nowMs,
    startMs: nowMs,
    untilMs: null,
    stopId: null,
    linkedTo: null,
    ended: null,
    acknowledgedAtMs: null,
  };
}
