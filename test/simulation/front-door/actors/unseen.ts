/**
 * A farm built another way than the rings, for an honest check: no pool and no template of its own. Every account descends
 * from an earlier one and keeps a few of its signals, as when accounts are made by hand in shifts, by people who are lent
 * phones and told to make two more each. Nothing is tuned on it.
 */
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { SimulatedAccount, Truth } from '../account.ts';
import { type Draw, drawFrom, drawWhole } from '../draw.ts';
import type { Chain, Strategy } from '../population.ts';
import { type Applicant, DAY_MS, HOUR_MS, type Simulation } from '../simulation.ts';
import { clientOf } from '../world/clients.ts';
import { addressOf } from '../world/mail.ts';
import { ownPrompt, paraphrased, type Prompt } from '../world/prompts.ts';
import { COST_OF_PROOF } from './farms.ts';
import { type Milker, milk } from './milking.ts';
import { phoneOf } from '../world/phones.ts';

const SIGNALS = ['network', 'device', 'client', 'mail', 'prompt', 'card', 'phone'] as const;
const SHIFTS_PER_DAY = 2;
const PARAPHRASE = 0.15;

interface Member {
  readonly applicant: Applicant;
  readonly prompt: Prompt;
  readonly card: string;
  readonly phone: string;
}

export function inviteChains(simulation: Simulation, cohort: Chain, signUps: number): void {
  const stream = simulation.draw(`chain/${cohort.name}`);
  let left = signUps;
  for (let at = 0; left > 4; at += 1) {
    const draw = stream.fork(`ring${at}`);
    const size = Math.min(left, Math.max(5, drawWhole(cohort.accounts, draw)));
    inviteShifts(simulation, cohort, `${cohort.name}-${at}`, size, draw);
    left -= size;
  }
}

function inviteShifts(simulation: Simulation, cohort: Chain, name: string, size: number, draw: Draw): void {
  const truth = { cohort: cohort.name, intent: 'farmed', operator: name, household: null, level: 'unseen' } as const;
  const family: Member[] = [];
  const month = simulation.endMs - simulation.startMs;
  const perShift = Math.max(1, drawWhole(cohort.per_shift, draw), Math.ceil(size / (month / DAY_MS) / SHIFTS_PER_DAY));
  let shiftMs =
    simulation.startMs +
    draw.unit() * Math.max(0.1, 0.8 - (size / perShift / SHIFTS_PER_DAY) * (DAY_MS / month)) * month;
  for (let left = size; left > 0; left -= perShift) {
    const lengthMs = drawFrom(cohort.shift_hours, draw) * HOUR_MS;
    for (let at = 0; at < Math.min(left, perShift); at += 1)
      simulation.at(shiftMs + draw.unit() * lengthMs, () => join(simulation, cohort, truth, family, draw));
    shiftMs += DAY_MS / SHIFTS_PER_DAY;
  }
}

function join(simulation: Simulation, cohort: Chain, truth: Truth, family: Member[], draw: Draw): void {
  const member = descend(simulation, cohort, family, draw);
  const cost = drawFrom(cohort.cost_usd.account, draw);
  const answer = simulation.door(member.applicant);
  if (answer.kind === 'refused') return simulation.turnedAway({ truth, costUsd: cost * 0.3 });
  const account = simulation.signUp(member.applicant, truth);
  account.costUsd += cost;
  family.push(member);
  const milker = milkerOf(simulation, cohort, account, member, draw);
  simulation.at(simulation.nowMs() + 60_000 * (0.5 + draw.unit()), () => {
    simulation.prove(account, 'mail');
    if (answer.workFactor !== null) simulation.prove(account, 'proof_of_work');
    simulation.prompted(account, member.prompt);
    milk(simulation, account, milker);
  });
}

/** A new member with some of the signals of an earlier one, drawn anew for each. */
function descend(simulation: Simulation, cohort: Chain, family: readonly Member[], draw: Draw): Member {
  const client = clientOf('browser', draw);
  const fresh: Member = {
    applicant: {
      email: addressOf({ kind: draw.chance(0.3) ? 'relay' : 'public', domain: '', pattern: 0, serial: 0 }, draw),
      ip: simulation.networks.carrier(draw, 200),
      headers: client.headers,
      tlsClass: client.tlsClass,
      device: draw.hex(32),
      formMs: drawFrom({ lognormal: { median: 30, sigma: 0.5 } }, draw) * 1_000,
    },
    prompt: ownPrompt(draw),
    card: draw.hex(24),
    phone: phoneOf(draw),
  };
  if (family.length === 0) return fresh;
  const parent = draw.pick(family);
  const kept = new Set<string>();
  const count = Math.min(SIGNALS.length, Math.max(1, drawWhole(cohort.kept_signals, draw)));
  while (kept.size < count) kept.add(draw.pick(SIGNALS));
  const [local = 'x', domain = ''] = parent.applicant.email.split('@');
  return {
    applicant: {
      ...fresh.applicant,
      ip: kept.has('network') ? parent.applicant.ip : fresh.applicant.ip,
      device: kept.has('device') ? parent.applicant.device : fresh.applicant.device,
      ...(kept.has('client') ? { headers: parent.applicant.headers, tlsClass: parent.applicant.tlsClass } : {}),
      email: kept.has('mail') ? `${local.replace(/\d+$/, '')}${draw.below(100)}@${domain}` : fresh.applicant.email,
    },
    prompt: kept.has('prompt')
      ? {
          system: paraphrased(parent.prompt.system, PARAPHRASE, draw),
          user: paraphrased(parent.prompt.user, PARAPHRASE, draw),
        }
      : fresh.prompt,
    card: kept.has('card') ? parent.card : fresh.card,
    phone: kept.has('phone') ? parent.phone : fresh.phone,
  };
}

function milkerOf(
  simulation: Simulation,
  cohort: Chain,
  account: SimulatedAccount,
  member: Member,
  draw: Draw,
): Milker {
  const [phoneUsd, cardUsd] = [drawFrom(cohort.cost_usd.phone, draw), drawFrom(cohort.cost_usd.card, draw)];
  const priceOf = (rung: Rung): number | null => {
    if (rung === 'organisation') return null;
    if (rung === 'phone') return phoneUsd;
    return rung === 'card' ? cardUsd : COST_OF_PROOF[rung];
  };
  return {
    draw,
    strategy: draw.weighted<Strategy>(cohort.strategies),
    drainHours: { log_uniform: [0.5, 48] },
    patientDays: { uniform: [10, 28] },
    resale: cohort.resale,
    priceOf,
    buy: (rung) => {
      const costUsd = priceOf(rung);
      if (costUsd === null) return null;
      return {
        costUsd,
        handIn: () => {
          if (rung === 'phone') simulation.learnt(account, { kind: 'phone', number: member.phone });
          if (rung === 'card') simulation.learnt(account, { kind: 'card', fingerprint: member.card, prepaid: false });
        },
      };
    },
    gotNothing: () => undefined,
  };
}
