/** Banned people who come back under other signs, among honest newcomers, some of whom live with them. */
import type { SimulatedAccount } from '../../front-door/account.ts';
import { type Draw, drawFrom, drawWhole } from '../../front-door/draw.ts';
import { type Applicant, DAY_MS, HOUR_MS, type Simulation } from '../../front-door/simulation.ts';
import { clientOf } from '../../front-door/world/clients.ts';
import { addressOf } from '../../front-door/world/mail.ts';
import { ownPrompt, paraphrased, promptFrom, templateText } from '../../front-door/world/prompts.ts';
import { inviteHonest } from '../engine/sign-ups.ts';
import { type Returning, type Sign, scaled } from '../population.ts';

export interface ReturningFigures {
  readonly returns: number;
  /** By level; `1_to_3` is all of those together. */
  readonly matched: Readonly<Record<string, number | null>>;
  readonly matched_likely: Readonly<Record<string, number | null>>;
  readonly honest_newcomers: number;
  readonly honest_matched_per_10k: { readonly likely: number; readonly possible: number };
  /** Of people who live with somebody banned. */
  readonly housemates: number;
  readonly housemates_matched: { readonly likely: number; readonly possible: number };
  readonly microseconds: { readonly mean: number; readonly p99: number };
}

interface Signs {
  readonly applicant: Applicant;
  readonly card: string | null;
  readonly text: string;
}

interface Return {
  readonly account: SimulatedAccount;
  readonly operator: string;
  readonly level: string;
}

const SECONDS_TO_FILL_IN = { lognormal: { median: 20, sigma: 0.4 } } as const;
const PROMPTS_HEARD = 2;
const PEOPLE_ON_A_CARRIER_ADDRESS = { log_uniform: [50, 2_000] } as const;

export function runReturning(cohort: Returning, seed: number, scale: number): ReturningFigures {
  const honest = scaled(cohort.honest_sign_ups, scale);
  const signUps = inviteHonest(`returning ${seed}`, honest, cohort.days);
  const { simulation } = signUps;
  const returns: Return[] = [];
  const housemates: SimulatedAccount[] = [];
  const stream = simulation.draw(cohort.name);
  const shares = Object.fromEntries(Object.entries(cohort.levels).map(([level, { share }]) => [level, share]));
  for (let at = 0; at < scaled(cohort.people, scale); at += 1) {
    const draw = stream.fork(`one ${at}`);
    const person: Person = {
      cohort,
      simulation,
      operator: `${cohort.name} ${at}`,
      level: draw.weighted(shares),
      draw,
      returns,
      housemates,
    };
    const left = Math.max(1, drawWhole(cohort.returns, draw));
    const signs = freshSigns(person);
    const startMs = simulation.startMs + draw.unit() * 0.5 * (simulation.endMs - simulation.startMs);
    simulation.at(startMs, () => come(person, signs, left, true));
  }
  simulation.run();
  return figuresOf(signUps, returns, housemates);
}

interface Person {
  readonly cohort: Returning;
  readonly simulation: Simulation;
  readonly operator: string;
  readonly level: string;
  readonly draw: Draw;
  readonly returns: Return[];
  readonly housemates: SimulatedAccount[];
}

function freshSigns({ cohort, simulation, level, draw }: Person): Signs {
  const client = clientOf(
    level === '1' || level === '2' ? 'browser' : draw.pick(['browser', 'disguised'] as const),
    draw,
  );
  const ip = draw.chance(cohort.behind_carrier)
    ? simulation.networks.carrier(draw, drawFrom(PEOPLE_ON_A_CARRIER_ADDRESS, draw))
    : simulation.networks.home(draw);
  return {
    applicant: {
      email: addressOf({ kind: level === '4' ? 'bought' : 'public', domain: '', pattern: 0, serial: 0 }, draw),
      ip,
      headers: client.headers,
      tlsClass: client.tlsClass,
      device: draw.hex(32),
      formMs: drawFrom(SECONDS_TO_FILL_IN, draw) * 1_000,
    },
    card: draw.chance(cohort.has_card) ? draw.hex(24) : null,
    text: templateText(draw),
  };
}

function come(person: Person, signs: Signs, left: number, isFirst: boolean): void {
  const { cohort, simulation, operator, level, draw } = person;
  const truth = { cohort: cohort.name, intent: 'evading', operator, household: null, level } as const;
  const account = simulation.signUp(signs.applicant, truth);
  if (!isFirst) person.returns.push({ account, operator, level });
  for (let nth = 1; nth <= PROMPTS_HEARD; nth += 1)
    simulation.at(simulation.nowMs() + nth * 60_000 * draw.unit(), () =>
      simulation.prompted(account, promptFrom(signs.text, 0, draw)),
    );
  const { card } = signs;
  if (card !== null)
    simulation.at(simulation.nowMs() + 90_000, () =>
      simulation.learnt(account, { kind: 'card', fingerprint: card, prepaid: false }),
    );
  const sanctionMs = simulation.nowMs() + drawFrom(cohort.hours_until_sanction, draw) * HOUR_MS;
  simulation.at(sanctionMs, () => simulation.sanction(account));
  if (isFirst && draw.chance(cohort.housemate)) inviteHousemate(person, signs, sanctionMs);
  if (left > 0)
    simulation.at(sanctionMs + drawFrom(cohort.lag_hours, draw) * HOUR_MS, () =>
      come(person, disguised(person, signs), left - 1, false),
    );
}

/** Drops as many signs as the level says, of those there are, and puts some of the words otherwise. */
function disguised(person: Person, before: Signs): Signs {
  const { cohort, level, draw } = person;
  const rules = cohort.levels[level];
  const dropped = new Set<Sign>();
  const left = (rules?.of ?? []).filter((sign) => sign !== 'card' || before.card !== null);
  for (let drops = rules?.drops ?? 0; drops > 0 && left.length > 0; drops -= 1)
    dropped.add(left.splice(draw.below(left.length), 1)[0] ?? 'network');
  const fresh = freshSigns(person);
  const [old, other] = [before.applicant, fresh.applicant];
  const client = dropped.has('client') ? other : old;
  return {
    applicant: {
      ...other,
      ip: dropped.has('network') ? other.ip : old.ip,
      device: dropped.has('device') ? other.device : old.device,
      headers: client.headers,
      tlsClass: client.tlsClass,
      email: dropped.has('mail') ? other.email : variantOf(old.email, draw),
    },
    card: dropped.has('card') ? fresh.card : before.card,
    text: dropped.has('prompt') ? fresh.text : paraphrased(before.text, drawFrom(cohort.rewritten, draw), draw),
  };
}

/** The same name with another number, as people do who have to think of one more address. */
function variantOf(email: string, draw: Draw): string {
  const [local = 'x', domain = 'gmail.com'] = email.split('@');
  return `${local.replace(/\d+$/, '')}${draw.below(1_000)}@${domain}`;
}

/** The same line and often the same build of a browser, somebody else's everything else. */
function inviteHousemate(person: Person, { applicant }: Signs, afterMs: number): void {
  const { simulation, draw, operator } = person;
  simulation.at(afterMs + draw.unit() * 20 * DAY_MS, () => {
    const own = freshSigns(person).applicant;
    const client = draw.chance(0.4) ? applicant : own;
    const facts = { ...own, ip: applicant.ip, headers: client.headers, tlsClass: client.tlsClass };
    const device = draw.chance(0.1) ? applicant.device : own.device;
    const truth = {
      cohort: 'housemates',
      intent: 'legitimate',
      operator: `housemate of ${operator}`,
      household: operator,
      level: null,
    } as const;
    const account = simulation.signUp({ ...facts, device }, truth);
    person.housemates.push(account);
    simulation.at(simulation.nowMs() + 60_000, () => simulation.prompted(account, ownPrompt(draw)));
  });
}

function figuresOf(
  { simulation, matches, microseconds }: ReturnType<typeof inviteHonest>,
  returns: readonly Return[],
  housemates: readonly SimulatedAccount[],
): ReturningFigures {
  const operatorOf = new Map(simulation.accounts.map(({ id, truth }) => [id, truth.operator]));
  const found = (one: Return, tier: 'likely' | 'any'): boolean =>
    (matches.get(one.account.id) ?? []).some(
      (match) => operatorOf.get(match.sanctionedId) === one.operator && (tier === 'any' || match.tier === tier),
    );
  const levels = [...new Set(returns.map(({ level }) => level))].sort();
  const rates = (tier: 'likely' | 'any'): Record<string, number | null> => ({
    ...Object.fromEntries(
      levels.map((level) => {
        const those = returns.filter((one) => one.level === level);
        return [level, shareOf(those, (one) => found(one, tier))];
      }),
    ),
    '1_to_3': shareOf(
      returns.filter(({ level }) => level !== '4'),
      (one) => found(one, tier),
    ),
  });
  const mates = new Set(housemates.map(({ id }) => id));
  const honest = simulation.accounts.filter(({ id, truth }) => truth.intent === 'legitimate' && !mates.has(id));
  const tierOf = (id: string): string | null => (matches.get(id) ?? []).at(-1)?.tier ?? null;
  const count = (accounts: readonly SimulatedAccount[], tier: string): number =>
    accounts.filter(({ id }) => tierOf(id) === tier).length;
  const sorted = microseconds.toSorted((a, b) => a - b);
  return {
    returns: returns.length,
    matched: rates('any'),
    matched_likely: rates('likely'),
    honest_newcomers: honest.length,
    honest_matched_per_10k: {
      likely: (count(honest, 'likely') / Math.max(1, honest.length)) * 10_000,
      possible: (count(honest, 'possible') / Math.max(1, honest.length)) * 10_000,
    },
    housemates: housemates.length,
    housemates_matched: { likely: count(housemates, 'likely'), possible: count(housemates, 'possible') },
    microseconds: {
      mean: sorted.reduce((sum, one) => sum + one, 0) / Math.max(1, sorted.length),
      p99: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    },
  };
}

export function shareOf<Item>(items: readonly Item[], is: (item: Item) => boolean): number | null {
  return items.length === 0 ? null : items.filter(is).length / items.length;
}
