/** One person with an account of their own: clean requests in bulk, episodes of flags, and what they meet. */
import type { Conduct } from '../../../../src/enforcement/conduct.ts';
import type { Judgement } from '../../../../src/enforcement/judgement.ts';
import type { Owner } from '../../../../src/enforcement/unit.ts';
import { type Draw, drawFrom, drawWhole } from '../../front-door/draw.ts';
import { type Bench, createBench, type Counts, type Truth } from '../engine/bench.ts';
import { createFollower, type Felt } from '../engine/follower.ts';
import type { Language, Readers, Solo } from '../population.ts';
import { episodesOf } from './episodes.ts';

export interface SoloOutcome {
  readonly cohort: string;
  readonly language: Language;
  readonly place: string;
  readonly plan: string;
  /** Requests of the abuse, or of all where there is none, that were answered before everything was refused; null: never. */
  readonly requestsUntilBlocked: number | null;
  readonly minutesUntilBlocked: number | null;
  readonly served: number;
  readonly felt: readonly Felt[];
  readonly counts: Counts;
}

/** Hears each request, so that other rules can be tried on the same ones. */
export type Overheard = (flagged: boolean, times: number) => void;

interface Person {
  readonly owner: () => Owner;
  readonly rotate: () => void;
  readonly rotates: boolean;
}

const START_MS = Date.parse('2026-03-02T00:00:00Z');
const DAY_MS = 86_400_000;
/** Of what a stranger says of somebody. */
const REPORT_CONFIDENCE = 0.4;
const ME = 'me';

export function runSolo(
  cohort: Solo,
  draw: Draw,
  readers: Readers,
  judgementFor: (cohort: Solo) => Judgement,
  scaleOfHeeding: number,
  overheard: Overheard,
): SoloOutcome {
  const follower = createFollower();
  const bench = createBench({ judgement: judgementFor(cohort), follower, readers, draw });
  const language = draw.weighted(cohort.language);
  const [place, plan] = [draw.weighted(cohort.place), draw.weighted(cohort.plan)];
  const person = personOf(cohort, draw);
  const episodes = episodesOf(cohort.flags, language, draw);
  const perRequestMs = DAY_MS / Math.max(0.5, drawFrom(cohort.requests_per_day, draw));
  const heeds = drawFrom(cohort.heeds, draw) * scaleOfHeeding;
  const abusive = cohort.role === 'mild' || cohort.role === 'heavy';
  fileReports(cohort, bench, person, cohort.requests * perRequestMs, draw);

  let atMs = START_MS;
  let served = 0;
  let blockedAt: number | null = null;
  let blockedMs: number | null = null;
  let cleanBefore = 0;

  const startsMs = START_MS + cohort.clean_history * perRequestMs;
  if (cohort.clean_history > 0) {
    atMs = startsMs;
    bench.clean(person.owner(), atMs, cohort.clean_history);
    cleanBefore = cohort.clean_history;
  }

  /** Whether they get through now; who rotates tries another name first. Otherwise they wait until it ends. */
  function getsThrough(): boolean {
    bench.advance(atMs);
    let until = follower.blockedUntil(person.owner(), atMs);
    if (until !== null && person.rotates) {
      person.rotate();
      until = follower.blockedUntil(person.owner(), atMs);
    }
    if (until === null) return true;
    if (blockedAt === null) {
      blockedAt = served;
      blockedMs = atMs - startsMs;
    }
    atMs = until;
    return false;
  }

  for (let left = cohort.requests; left > 0; ) {
    const cleanRun = Math.min(left, episodes.cleanRun());
    if (cleanRun > 0) {
      if (!getsThrough()) continue;
      atMs += cleanRun * perRequestMs;
      bench.advance(atMs);
      bench.clean(person.owner(), atMs, cleanRun);
      overheard(false, cleanRun);
      cleanBefore += cleanRun;
      served += cleanRun;
      left -= cleanRun;
    }
    const episode = episodes.next();
    const conversation = `conversation ${draw.hex(8)}`;
    let told = bench.timesTold(ME);
    for (let nth = 0; nth < episode.requests && left > 0; nth += 1) {
      atMs += drawFrom(cohort.seconds_between, draw) * 1_000;
      left -= 1;
      if (!getsThrough()) continue;
      if (bench.timesTold(ME) > told) {
        told = bench.timesTold(ME);
        if (draw.chance(heeds)) break;
      }
      if (cohort.rotates !== null && served % cohort.rotates.every === cohort.rotates.every - 1) person.rotate();
      served += 1;
      const isFlagged = draw.chance(cohort.flags.flagged_in_episode);
      overheard(isFlagged, 1);
      if (!isFlagged) {
        bench.clean(person.owner(), atMs, 1);
        cleanBefore += 1;
        continue;
      }
      const fresh = cohort.conversations === 'each';
      const flag = {
        source: 'moderation' as const,
        conduct: draw.chance(0.8) ? episode.conduct : draw.weighted<Conduct>(cohort.flags.conducts),
        confidence: Math.min(0.999, drawFrom(cohort.flags.confidence, draw)),
        conversation:
          cohort.conversations === 'one' ? 'conversation' : fresh ? `conversation ${draw.hex(8)}` : conversation,
        template: draw.hex(8),
        language: language === 'other' ? null : language,
        cleanBefore,
      };
      cleanBefore = 0;
      bench.flag(person.owner(), atMs, flag, {
        who: ME,
        abusive,
        passed: episode.passed,
        unsure: cohort.flags.unsure,
        appeals: cohort.appeals,
      });
    }
  }
  bench.advance(atMs + 60_000);
  return {
    cohort: cohort.name,
    language,
    place,
    plan,
    requestsUntilBlocked: blockedAt,
    minutesUntilBlocked: blockedMs === null ? null : blockedMs / 60_000,
    served,
    felt: follower.all,
    counts: bench.counts,
  };
}

function personOf(cohort: Solo, draw: Draw): Person {
  let name = draw.hex(8);
  const base = { accountId: 'acct_1', app: null, member: null, product: null };
  const rotates = cohort.rotates?.what ?? null;
  return {
    rotates: rotates !== null,
    rotate: () => {
      name = draw.hex(8);
    },
    owner: () => ({
      ...base,
      keyId: rotates === 'key' ? `key_${name}` : 'key_1',
      endUser: rotates === 'end_user' ? name : null,
    }),
  };
}

function fileReports(cohort: Solo, bench: Bench, person: Person, spanMs: number, draw: Draw): void {
  const reports = drawWhole(cohort.false_reports, draw);
  const truth: Truth = { who: ME, abusive: false, passed: 0.05, unsure: 0.2, appeals: cohort.appeals };
  for (let nth = 0; nth < reports; nth += 1) {
    const atMs = START_MS + draw.unit() * spanMs;
    bench.at(atMs, () =>
      bench.flag(
        person.owner(),
        atMs,
        {
          source: 'report',
          conduct: 'harassment',
          confidence: REPORT_CONFIDENCE,
          conversation: null,
          template: null,
          language: null,
          cleanBefore: 0,
        },
        truth,
      ),
    );
  }
}
