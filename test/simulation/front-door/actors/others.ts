/** Those who mean harm without a farm: banned people who come back, neighbours who misbehave, sellers of one key to many. */
import type { SimulatedAccount, Truth } from '../account.ts';
import { type Draw, drawFrom, drawWhole } from '../draw.ts';
import type { Evader, Griefer, Reseller } from '../population.ts';
import { type Applicant, DAY_MS, HOUR_MS, type Simulation } from '../simulation.ts';
import { clientOf } from '../world/clients.ts';
import { addressOf } from '../world/mail.ts';
import { ownPrompt, type Prompt, promptFrom, templateText } from '../world/prompts.ts';
import type { Site } from './people.ts';

const SECONDS_TO_FILL_IN = { lognormal: { median: 20, sigma: 0.4 } } as const;
const SECONDS_UNTIL_BEGUN = 20;
const SHARE_OF_FLAGGED = 0.8;

/** Each is sanctioned for what they do, and returns under other signs. */
export function inviteEvaders(simulation: Simulation, cohort: Evader, signUps: number): void {
  const stream = simulation.draw(`evader/${cohort.name}`);
  let left = signUps;
  for (let at = 0; left > 0; at += 1) {
    const draw = stream.fork(`one${at}`);
    const returns = Math.min(left - 1, Math.max(1, drawWhole(cohort.returns, draw)));
    left -= 1 + Math.max(0, returns);
    const name = `${cohort.name}-${at}`;
    const atMs = simulation.startMs + draw.unit() * 0.5 * (simulation.endMs - simulation.startMs);
    const text = templateText(draw);
    const traits = { ...traitsOf(simulation, draw), card: draw.chance(0.3) ? draw.hex(24) : null };
    simulation.at(atMs, () => comeBack(simulation, cohort, { name, draw, text, left: returns }, traits));
  }
}

interface Traits {
  readonly applicant: Applicant;
  readonly card: string | null;
}

interface Returning {
  readonly name: string;
  readonly draw: Draw;
  readonly text: string;
  readonly left: number;
}

function traitsOf(simulation: Simulation, draw: Draw): Traits {
  const client = clientOf('browser', draw);
  const ip = draw.chance(0.3) ? simulation.networks.carrier(draw, 200) : simulation.networks.home(draw);
  return {
    applicant: {
      email: addressOf({ kind: 'public', domain: '', pattern: 0, serial: 0 }, draw),
      ip,
      headers: client.headers,
      tlsClass: client.tlsClass,
      device: draw.hex(32),
      formMs: drawFrom(SECONDS_TO_FILL_IN, draw) * 1_000,
    },
    card: draw.hex(24),
  };
}

function comeBack(simulation: Simulation, cohort: Evader, who: Returning, traits: Traits): void {
  const { draw } = who;
  const truth = { cohort: cohort.name, intent: 'evading', operator: who.name, household: null, level: null } as const;
  const prompt = promptFrom(who.text, drawFrom(cohort.paraphrase, draw), draw);
  const account = misbehave(
    simulation,
    traits.applicant,
    truth,
    draw,
    draw.chance(cohort.keeps.prompt) ? prompt : ownPrompt(draw),
  );
  if (account === null) return;
  if (traits.card !== null) {
    const { card } = traits;
    simulation.at(simulation.nowMs() + HOUR_MS, () =>
      simulation.learnt(account, { kind: 'card', fingerprint: card, prepaid: false }),
    );
  }
  const sanctionMs = simulation.nowMs() + drawFrom(cohort.hours_until_sanction, draw) * HOUR_MS;
  simulation.at(sanctionMs, () => simulation.sanction(account));
  if (who.left > 0)
    simulation.at(sanctionMs + drawFrom(cohort.lag_hours, draw) * HOUR_MS, () =>
      comeBack(simulation, cohort, { ...who, left: who.left - 1 }, disguised(simulation, cohort, traits, draw)),
    );
}

function disguised(simulation: Simulation, cohort: Evader, before: Traits, draw: Draw): Traits {
  const fresh = traitsOf(simulation, draw);
  const { keeps } = cohort;
  const old = before.applicant;
  const keepsClient = draw.chance(keeps.client);
  return {
    applicant: {
      ...fresh.applicant,
      ip: draw.chance(keeps.network) ? old.ip : fresh.applicant.ip,
      device: draw.chance(keeps.device) ? old.device : fresh.applicant.device,
      headers: keepsClient ? old.headers : fresh.applicant.headers,
      tlsClass: keepsClient ? old.tlsClass : fresh.applicant.tlsClass,
      email: draw.chance(keeps.mail) ? variantOf(old.email, draw) : fresh.applicant.email,
    },
    card: before.card !== null && draw.chance(keeps.card) ? before.card : null,
  };
}

/** The same name with another number, as people do who have to think of one more address. */
function variantOf(email: string, draw: Draw): string {
  const [local = 'x', domain = 'gmail.com'] = email.split('@');
  return `${local.replace(/\d+$/, '')}${draw.below(1_000)}@${domain}`;
}

function misbehave(
  simulation: Simulation,
  applicant: Applicant,
  truth: Truth,
  draw: Draw,
  prompt: Prompt,
): SimulatedAccount | null {
  if (simulation.door(applicant).kind === 'refused') {
    simulation.turnedAway({ truth, costUsd: 0 });
    return null;
  }
  const account = simulation.signUp(applicant, truth);
  simulation.at(simulation.nowMs() + SECONDS_UNTIL_BEGUN * 1_000, () => {
    simulation.prove(account, 'mail');
    simulation.prompted(account, prompt);
    const all = 10 + draw.below(30);
    simulation.use(account, all * 0.01, { all, flagged: Math.round(all * SHARE_OF_FLAGGED) });
  });
  return account;
}

/** They sit among others and behave so badly that the neighbours might be taken for theirs. */
export function inviteGriefers(simulation: Simulation, cohort: Griefer, sites: readonly Site[], signUps: number): void {
  const stream = simulation.draw(`griefer/${cohort.name}`);
  let left = signUps;
  for (let at = 0; left > 0 && sites.length > 0; at += 1) {
    const draw = stream.fork(`one${at}`);
    const site = draw.pick(sites);
    const accounts = Math.min(left, Math.max(1, drawWhole(cohort.accounts, draw)));
    const truth = {
      cohort: cohort.name,
      intent: 'griefing',
      operator: `${cohort.name}-${at}`,
      household: null,
      level: null,
    } as const;
    for (let one = 0; one < accounts; one += 1)
      simulation.at(site.startMs + site.spreadMs * draw.unit(), () => {
        const { applicant } = traitsOf(simulation, draw);
        const beside = { ...applicant, ip: draw.pick(site.addresses), ...site.client };
        const account = misbehave(simulation, beside, truth, draw, promptFrom(site.text, 0.2, draw));
        if (account !== null)
          simulation.at(simulation.nowMs() + drawFrom(cohort.hours_until_sanction, draw) * HOUR_MS, () =>
            simulation.sanction(account),
          );
      });
    left -= accounts;
  }
}

/** One account, one key, many customers: every day from many networks, with many contents. */
export function inviteResellers(simulation: Simulation, cohort: Reseller, signUps: number): void {
  const stream = simulation.draw(`reseller/${cohort.name}`);
  for (let at = 0; at < signUps; at += 1) {
    const draw = stream.fork(`one${at}`);
    const users = Math.max(1, drawWhole(cohort.end_users, draw));
    const truth = {
      cohort: cohort.name,
      intent: 'reselling',
      operator: `${cohort.name}-${at}`,
      household: null,
      level: null,
    } as const;
    simulation.at(simulation.startMs + draw.unit() * 0.5 * (simulation.endMs - simulation.startMs), () => {
      const { applicant, card } = traitsOf(simulation, draw);
      const account = misbehave(simulation, applicant, truth, draw, ownPrompt(draw));
      if (account === null || card === null) return;
      simulation.learnt(account, { kind: 'card', fingerprint: card, prepaid: draw.chance(0.4) });
      resellDaily(simulation, cohort, account, users, draw);
    });
  }
}

const CUSTOMERS_HEARD_OF_A_DAY = 8;

function resellDaily(
  simulation: Simulation,
  cohort: Reseller,
  account: SimulatedAccount,
  users: number,
  draw: Draw,
): void {
  simulation.at(simulation.nowMs() + DAY_MS * (0.9 + 0.2 * draw.unit()), () => {
    for (let at = 0; at < Math.min(users, CUSTOMERS_HEARD_OF_A_DAY); at += 1) {
      const client = clientOf(draw.chance(0.5) ? 'script' : 'browser', draw);
      simulation.learnt(account, { kind: 'seen', ip: simulation.networks.home(draw), tlsClass: client.tlsClass });
      simulation.prompted(account, ownPrompt(draw));
    }
    const all = Math.max(1, drawWhole(cohort.requests_per_day, draw));
    simulation.use(account, all * 0.01, { all, flagged: Math.round(all * 0.03) });
    resellDaily(simulation, cohort, account, users, draw);
  });
}
