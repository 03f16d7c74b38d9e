/** One account through which many people ask, each under a name of an end user; some of them abuse it. */
import type { Conduct } from '../../../../src/enforcement/conduct.ts';
import type { Owner } from '../../../../src/enforcement/unit.ts';
import { createDraw, type Draw, drawFrom, drawWhole } from '../../front-door/draw.ts';
import { type Bench, createBench } from '../engine/bench.ts';
import { createFollower, type Follower } from '../engine/follower.ts';
import { judgeOfOne } from '../engine/judges.ts';
import { type Flags, type Language, type Readers, type Shared, scaled } from '../population.ts';
import { episodesOf } from './episodes.ts';

export interface SharedFigures {
  readonly name: string;
  readonly accounts: number;
  readonly end_users: number;
  /** Accounts that were stopped as a whole: everybody for one. */
  readonly accounts_stopped: number;
  readonly accounts_stopped_share: number;
  readonly honest_end_users_stopped_per_10k: number;
  readonly bad_end_user_requests_until_blocked: readonly (number | null)[];
}

interface Happening {
  readonly atMs: number;
  readonly run: (bench: Bench, follower: Follower) => void;
}

interface EndUser {
  readonly name: string;
  readonly bad: boolean;
  served: number;
  blockedAt: number | null;
}

const START_MS = Date.parse('2026-03-02T00:00:00Z');
const DAY_MS = 86_400_000;
const BAD_REQUESTS = 200;
const SPREAD_DAYS = 14;

export function runShared(
  cohort: Shared,
  seed: number,
  { scale, heeding }: { readonly scale: number; readonly heeding: number },
  readers: Readers,
): SharedFigures {
  const accounts = scaled(cohort.accounts, scale);
  const until: (number | null)[] = [];
  let stopped = 0;
  let users = 0;
  let honest = 0;
  let honestStopped = 0;
  for (let nth = 0; nth < accounts; nth += 1) {
    const draw = createDraw(`seed ${seed}/${cohort.name}/${nth}`);
    const follower = createFollower();
    const bench = createBench({ judgement: judgeOfOne([], true), follower, readers, draw });
    const members = runAccount(cohort, heeding, draw, bench, follower);
    const whole = { ...ownerOf(''), endUser: null };
    if (follower.all.some(({ unit, atMs }) => unit.kind === 'account' && follower.blockedUntil(whole, atMs) !== null))
      stopped += 1;
    users += members.length;
    honest += members.filter(({ bad }) => !bad).length;
    honestStopped += members.filter(({ bad, blockedAt }) => !bad && blockedAt !== null).length;
    until.push(...members.filter(({ bad }) => bad).map(({ blockedAt }) => blockedAt));
  }
  return {
    name: cohort.name,
    accounts,
    end_users: users,
    accounts_stopped: stopped,
    accounts_stopped_share: stopped / accounts,
    honest_end_users_stopped_per_10k: (honestStopped / Math.max(1, honest)) * 10_000,
    bad_end_user_requests_until_blocked: until,
  };
}

function runAccount(cohort: Shared, heeding: number, draw: Draw, bench: Bench, follower: Follower): EndUser[] {
  const count = Math.max(2, drawWhole(cohort.end_users, draw));
  const members: EndUser[] = [];
  const happenings: Happening[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const bad = nth < cohort.bad_end_users;
    const member: EndUser = { name: `user-${nth}`, bad, served: 0, blockedAt: null };
    members.push(member);
    happenings.push(...happeningsOf(cohort, member, heeding, draw.fork(member.name)));
  }
  happenings.sort((a, b) => a.atMs - b.atMs);
  for (const { atMs, run } of happenings) {
    bench.advance(atMs);
    run(bench, follower);
  }
  return members;
}

function ownerOf(endUser: string): Owner {
  return { accountId: 'acct_1', keyId: 'key_1', app: null, member: null, endUser, product: null };
}

/** What one end user asks in their time; what is refused them is not asked again. */
function happeningsOf(cohort: Shared, member: EndUser, heeding: number, draw: Draw): Happening[] {
  const happenings: Happening[] = [];
  const flags: Flags = member.bad ? cohort.bad_flags : cohort.flags;
  const language: Language = draw.weighted(cohort.language);
  const episodes = episodesOf(flags, language, draw);
  const perRequestMs = DAY_MS / Math.max(0.5, drawFrom(cohort.requests_per_day, draw));
  const owner = ownerOf(member.name);
  let atMs = START_MS + draw.unit() * SPREAD_DAYS * DAY_MS;
  const heeds = member.bad ? 0 : drawFrom(cohort.heeds, draw) * heeding;
  let left = member.bad ? BAD_REQUESTS : drawWhole(cohort.requests_each, draw);
  let begun = 0;
  let told = 0;
  let dropped = -1;
  const whenServed = (run: (bench: Bench) => void, requests: number, when: number, episode = -1): void => {
    happenings.push({
      atMs: when,
      run(bench, follower) {
        if (bench.timesTold(member.name) > told) {
          told = bench.timesTold(member.name);
          if (episode !== -1 && draw.chance(heeds)) dropped = episode;
        }
        if (episode !== -1 && episode === dropped) return;
        if (follower.blockedUntil(owner, when) !== null) {
          member.blockedAt ??= member.served;
          return;
        }
        member.served += requests;
        run(bench);
      },
    });
  };
  while (left > 0) {
    const cleanRun = Math.min(left, episodes.cleanRun());
    if (cleanRun > 0) {
      atMs += cleanRun * perRequestMs;
      const when = atMs;
      whenServed((bench) => bench.clean(owner, when, cleanRun), cleanRun, when);
      left -= cleanRun;
    }
    const episode = episodes.next();
    const nthEpisode = ++begun;
    const conversation = `conversation ${draw.hex(8)}`;
    for (let nth = 0; nth < episode.requests && left > 0; nth += 1, left -= 1) {
      atMs += drawFrom(cohort.seconds_between, draw) * 1_000;
      const when = atMs;
      if (!draw.chance(flags.flagged_in_episode)) {
        whenServed((bench) => bench.clean(owner, when, 1), 1, when, nthEpisode);
        continue;
      }
      const flag = {
        source: 'moderation' as const,
        conduct: draw.chance(0.8) ? episode.conduct : draw.weighted<Conduct>(flags.conducts),
        confidence: drawFrom(flags.confidence, draw),
        conversation: member.bad ? `conversation ${draw.hex(8)}` : conversation,
        template: draw.hex(8),
        language: language === 'other' ? null : language,
        cleanBefore: 0,
      };
      const truth = { who: member.name, abusive: member.bad, passed: episode.passed, unsure: flags.unsure, appeals: 0 };
      whenServed((bench) => bench.flag(owner, when, flag, truth), 1, when, nthEpisode);
    }
  }
  return happenings;
}
