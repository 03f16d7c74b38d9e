/** One judgement with everybody around it: the second reader, reviewers, appeals, and what is felt, in virtual time. */
import type { Conduct } from '../../../../src/enforcement/conduct.ts';
import type { Incident } from '../../../../src/enforcement/incident.ts';
import type { Heard, Judgement, Proposal } from '../../../../src/enforcement/judgement.ts';
import type { Signal } from '../../../../src/enforcement/signal.ts';
import { rankOf } from '../../../../src/enforcement/step.ts';
import type { Owner } from '../../../../src/enforcement/unit.ts';
import { type Draw, drawFrom } from '../../front-door/draw.ts';
import { createEventQueue } from '../../front-door/event-queue.ts';
import type { Readers } from '../population.ts';
import type { Felt, Follower } from './follower.ts';

/** What no detector is told: whether somebody means harm, and what a reader makes of this flag. */
export interface Truth {
  /** Whose it is, among those who ask through one account. */
  readonly who: string;
  readonly abusive: boolean;
  /** How likely the second reader takes it for abuse, and cannot say. */
  readonly passed: number;
  readonly unsure: number;
  readonly appeals: number;
}

export interface Flag {
  readonly source: 'moderation' | 'report';
  readonly conduct: Conduct;
  readonly confidence: number;
  readonly conversation: string | null;
  readonly template: string | null;
  readonly language: Signal['language'];
  readonly cleanBefore: number;
}

export interface Counts {
  signals: number;
  second_readings: number;
  cases: number;
  appeals: number;
  overturned: number;
  overturned_wrongly: number;
  upheld_wrongly: number;
}

export interface Bench {
  clean(owner: Owner, atMs: number, requests: number): void;
  flag(owner: Owner, atMs: number, flag: Flag, truth: Truth): void;
  /** Lets everything happen that is due. */
  advance(atMs: number): void;
  at(atMs: number, happening: () => void): void;
  /** How often the person was told of a confirmed incident. */
  timesTold(who: string): number;
  readonly counts: Counts;
}

export interface BenchDeps {
  readonly judgement: Judgement;
  readonly follower: Follower;
  readonly readers: Readers;
  readonly draw: Draw;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const STOPS_FROM = rankOf('cool_off');

export function createBench({ judgement, follower, readers, draw }: BenchDeps): Bench {
  const queue = createEventQueue();
  const asked = new Set<string>();
  const cases = new Set<string>();
  const counts: Counts = {
    signals: 0,
    second_readings: 0,
    cases: 0,
    appeals: 0,
    overturned: 0,
    overturned_wrongly: 0,
    upheld_wrongly: 0,
  };
  let serial = 0;
  const told = new Map<string, number>();
  let nextMs = Number.POSITIVE_INFINITY;
  let pending: ReturnType<typeof queue.next> = null;

  function at(atMs: number, happening: () => void): void {
    queue.at(atMs, happening);
    if (pending !== null && atMs < pending.atMs) {
      queue.at(pending.atMs, pending.happening);
      pending = queue.next();
    } else if (pending === null) pending = queue.next();
    nextMs = pending?.atMs ?? Number.POSITIVE_INFINITY;
  }

  function advance(atMs: number): void {
    while (nextMs <= atMs && pending !== null) {
      const { happening } = pending;
      pending = queue.next();
      nextMs = pending?.atMs ?? Number.POSITIVE_INFINITY;
      happening();
    }
  }

  function follow(proposals: readonly Proposal[], truth: Truth, atMs: number): void {
    if (proposals.length > 0) told.set(truth.who, (told.get(truth.who) ?? 0) + 1);
    for (const proposal of proposals) {
      const felt = follower.impose(proposal, proposal.step, 'ladder', atMs);
      if (felt !== null && rankOf(felt.step) >= STOPS_FROM) mayAppeal(felt, truth, atMs);
      if (proposal.wanted !== null) openCase(proposal, truth, atMs);
    }
  }

  /** People are right about abuse and about harmless people at different rates. */
  function findsAbuse(truth: Truth): boolean {
    return truth.abusive ? draw.chance(readers.right_about_abuse) : !draw.chance(readers.right_about_harmless);
  }

  function openCase(proposal: Proposal, truth: Truth, atMs: number): void {
    const name = `${proposal.unit.kind} ${proposal.unit.accountId} ${proposal.wanted ?? ''}`;
    if (cases.has(name)) return;
    cases.add(name);
    counts.cases += 1;
    const decidedMs = atMs + drawFrom(readers.reviewer_hours, draw) * HOUR_MS;
    at(decidedMs, () => {
      // Whoever is to be closed is so by two people who agree.
      const agreed = findsAbuse(truth) && (proposal.wanted !== 'terminate' || findsAbuse(truth));
      if (agreed) {
        if (proposal.wanted !== null) {
          const felt = follower.impose(proposal, proposal.wanted, 'people', decidedMs);
          if (felt !== null) mayAppeal(felt, truth, decidedMs);
        }
      } else {
        judgement.undo(proposal.incidents, decidedMs);
        for (const felt of follower.all)
          if (felt.unit.accountId === proposal.unit.accountId && felt.ended === null)
            follower.end(felt, 'lifted', decidedMs);
      }
      at(decidedMs + WEEK_MS, () => void cases.delete(name));
    });
  }

  function mayAppeal(felt: Felt, truth: Truth, atMs: number): void {
    if (!draw.chance(truth.appeals)) return;
    counts.appeals += 1;
    const hours = drawFrom(readers.appeal_after_hours, draw) + drawFrom(readers.reviewer_hours, draw);
    at(atMs + hours * HOUR_MS, () => {
      if (findsAbuse(truth)) {
        if (!truth.abusive) counts.upheld_wrongly += 1;
        return;
      }
      counts.overturned += 1;
      if (truth.abusive) counts.overturned_wrongly += 1;
      judgement.undo(felt.proposal.incidents, atMs + hours * HOUR_MS);
      follower.end(felt, 'reversed', atMs + hours * HOUR_MS);
    });
  }

  function ask(incident: Incident, truth: Truth, atMs: number): void {
    if (asked.has(incident.id)) return;
    asked.add(incident.id);
    counts.second_readings += 1;
    const readMs = atMs + drawFrom(readers.stage2_seconds, draw) * 1_000;
    at(readMs, () => {
      const chance = draw.unit();
      const unsure = chance >= truth.passed && chance < truth.passed + truth.unsure;
      const outcome = unsure ? 'unsure' : chance < truth.passed ? 'abuse' : 'harmless';
      tellReading(incident.id, outcome, 'stage2', truth, readMs);
      if (!unsure) return;
      counts.cases += 1;
      const decidedMs = readMs + drawFrom(readers.reviewer_hours, draw) * HOUR_MS;
      // A person sees in this text what the second reader would have, were it sure; most texts in doubt are harmless.
      at(decidedMs, () =>
        tellReading(incident.id, draw.chance(truth.passed) ? 'abuse' : 'harmless', 'person:stf_1', truth, decidedMs),
      );
    });
  }

  function tellReading(
    incidentId: string,
    outcome: 'abuse' | 'harmless' | 'unsure',
    by: string,
    truth: Truth,
    atMs: number,
  ): void {
    const read = judgement.read({ incidentId, outcome, confidence: drawFrom(readers.confidence, draw), by, atMs });
    if (read !== null) follow(read.proposals, truth, atMs);
  }

  return {
    counts,
    timesTold: (who) => told.get(who) ?? 0,
    at,
    advance,
    clean: (owner, atMs, requests) => judgement.clean(owner, atMs, requests),
    flag(owner, atMs, flag, truth) {
      counts.signals += 1;
      serial += 1;
      const heard: Heard = judgement.signal({
        id: `sig_${serial}`,
        atMs,
        source: flag.source,
        sourceVersion: flag.source === 'report' ? 'portal@1' : 'default@1',
        owner,
        requestId: flag.source === 'report' ? null : `req_${serial}`,
        conduct: flag.conduct,
        confidence: flag.confidence,
        conversation: flag.conversation,
        template: flag.template,
        language: flag.language,
        cleanBefore: flag.cleanBefore,
        freshUntilMs: atMs + 90 * 24 * HOUR_MS,
      });
      follow(heard.proposals, truth, atMs);
      if (heard.doubtful) ask(heard.incident, truth, atMs);
    },
  };
}
