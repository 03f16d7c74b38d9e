import { z } from 'zod';
import type { App } from '../compose.ts';
import type { Happening } from './day.ts';
import { hireReviewers, type Reviewer } from './reviewers.ts';
import type { Seeded } from './seeded.ts';
import type { AskControl } from './setup.ts';

interface ReviewingDeps {
  readonly app: Pick<App, 'control'>;
  readonly ask: AskControl;
  readonly seeded: Seeded;
  readonly msOf: (share: number) => number;
  /** What requests really are, of those where it is known. */
  readonly meant: ReadonlyMap<string, 'abuse' | 'harmless'>;
  /** What is known of the farm: since when, and how much it asked. */
  readonly farm: () => { readonly firstAtMs: number; readonly lastAtMs: number; readonly requests: number };
}

/** Shares of the days at which they sit down, one after the other; what comes later is still open. */
const SHIFTS = [0.1, 0.19, 0.28, 0.4, 0.5, 0.58, 0.66, 0.76, 0.88];
const APPEALS_AT = [0.26, 0.49];
const FARM_AT = 0.93;
const NOTED_AT = 0.994;
const CASES_PER_SHIFT = 6;
/** Of what nobody knows of, so many are found harmless: two readers do not always agree. */
const OTHERS_HARMLESS = 0.3;
/** The farm is linked while the days go by; the service is given this long for it. */
const LINKED_TRIES_MAX = 100;
const LINKED_EVERY_MS = 200;
const FARM_MIN = 20;

const CASES = '/control/v1/enforcement/cases';
const APPEALS = '/control/v1/enforcement/appeals';
const nextCase = z.object({
  case: z.object({ id: z.string(), request_ids: z.array(z.string()), as_of: z.string().nullable() }).nullable(),
});
const appealList = z.object({
  data: z.array(z.object({ id: z.string(), language: z.string(), barred: z.string().nullable() })),
});
const appealDetail = z.object({ incidents: z.array(z.object({ request_ids: z.array(z.string()) })) });
const clusterList = z.object({ data: z.array(z.object({ operator_id: z.string(), accounts: z.number() })) });

/** What the people of trust and safety do over the days. */
export async function createReviewing(deps: ReviewingDeps): Promise<readonly Happening[]> {
  const { msOf } = deps;
  const reviewers = await hireReviewers(deps.app, deps.ask);
  const [lead, second] = reviewers;
  if (lead === undefined || second === undefined) return [];
  const once = (at: number, run: () => Promise<void>): Happening => ({ atMs: msOf(at), whose: reviewers, run });
  return [
    ...SHIFTS.flatMap((at, nth) => {
      const inTurn = nth % 2 === 0 ? [lead, second] : [second, lead];
      return inTurn.map((one, after) => once(at + after / 200, () => decideCases(one, deps)));
    }),
    ...APPEALS_AT.flatMap((at) => reviewers.map((one) => once(at, () => answerAppeals(one, deps)))),
    once(FARM_AT, () => sanctionFarm(lead, deps)),
    once(NOTED_AT, () => leaveNote(second)),
  ];
}

async function decideCases(reviewer: Reviewer, { seeded, meant }: ReviewingDeps): Promise<void> {
  for (let nth = 0; nth < CASES_PER_SHIFT; nth++) {
    const taken = nextCase.parse((await reviewer.ask('POST', `${CASES}/next`, {})) ?? { case: null }).case;
    if (taken === null) return;
    const known = taken.request_ids.map((id) => meant.get(id)).find((one) => one !== undefined);
    const isHarmless = known === undefined ? seeded.chance(OTHERS_HARMLESS) : known === 'harmless';
    const outcome = isHarmless ? 'harmless' : 'confirm';
    await reviewer.ask('POST', `${CASES}/${taken.id}/decide`, { outcome, reason: REASONS[outcome] });
  }
}

const REASONS = {
  confirm: 'Meant seriously, and aimed at somebody.',
  harmless: 'Quoted or invented; nobody is meant by it.',
} as const;

async function answerAppeals(reviewer: Reviewer, deps: ReviewingDeps): Promise<void> {
  const { data } = appealList.parse(await reviewer.ask('GET', `${APPEALS}?state=open`));
  for (const { id, language, barred } of data) {
    if (barred !== null) continue;
    const { incidents } = appealDetail.parse(await reviewer.ask('GET', `${APPEALS}/${id}`));
    const isHarmless = incidents.some(({ request_ids }) =>
      request_ids.some((one) => deps.meant.get(one) === 'harmless'),
    );
    await reviewer.ask('POST', `${APPEALS}/${id}/triage`, { urgent: isHarmless });
    await reviewer.ask('POST', `${APPEALS}/${id}/assign`, {});
    await reviewer.ask('POST', `${APPEALS}/${id}/decide`, {
      ...ANSWERS[isHarmless ? 'overturned' : 'upheld'],
      language,
    });
  }
}

const ANSWERS = {
  overturned: {
    outcome: 'overturned',
    reason: 'permitted_use',
    words:
      'I read your lines. They are fiction, nobody is threatened by them, and our models took them for what they are not. ' +
      'I am sorry that you could not work for so long.',
  },
  upheld: {
    outcome: 'upheld',
    reason: 'as_found',
    words: 'I read all of it. Somebody is addressed and threatened in it, again after two warnings.',
  },
} as const;

/** All accounts of the farm at once, by a person who saw how they belong together. */
async function sanctionFarm(reviewer: Reviewer, { ask, farm }: ReviewingDeps): Promise<void> {
  const operator = await findFarm(ask);
  if (operator === null) return;
  const { firstAtMs, lastAtMs, requests } = farm();
  await reviewer.ask('POST', '/control/v1/enforcement/sanctions', {
    unit: { kind: 'operator', account_id: operator },
    step: 'operator',
    conduct: 'resale',
    sources: ['fraud', 'staff'],
    requests: Math.max(1, requests),
    first_at: new Date(firstAtMs).toISOString(),
    last_at: new Date(lastAtMs).toISOString(),
    alternatives: 'Stopping single accounts does not do: the others go on, and new ones take their place.',
  });
}

async function findFarm(ask: AskControl): Promise<string | null> {
  for (let tries = 0; tries < LINKED_TRIES_MAX; tries++) {
    const { data } = clusterList.parse(await ask('/control/v1/fraud/clusters', null, 'GET'));
    const found = data.find(({ accounts }) => accounts >= FARM_MIN);
    if (found !== undefined) return found.operator_id;
    await new Promise((resolve) => setTimeout(resolve, LINKED_EVERY_MS));
  }
  return null;
}

/** The most pressing case is being worked on when the days end. */
async function leaveNote(reviewer: Reviewer): Promise<void> {
  const taken = nextCase.parse((await reviewer.ask('POST', `${CASES}/next`, {})) ?? { case: null }).case;
  if (taken === null) return;
  const text = 'Read the last two. I want to see whether it goes on before I say what it is.';
  await reviewer.ask('POST', `${CASES}/${taken.id}/notes`, { text });
}
