/** People who mean it: households, classes, companies, crowds. They sign up, ask, come back, and lose patience. */
import type { Rung } from '../../../../src/fraud/vesting.ts';
import type { FirstTry, SimulatedAccount } from '../account.ts';
import { type Draw, drawFrom, drawWhole } from '../draw.ts';
import type { ClientKind, People } from '../population.ts';
import { type Applicant, DAY_MS, HOUR_MS, type Simulation } from '../simulation.ts';
import { type Client, clientOf } from '../world/clients.ts';
import { addressOf, siteDomain } from '../world/mail.ts';
import { phoneOf } from '../world/phones.ts';
import { exercisePrompt, ownPrompt, type Prompt, promptFrom, templateText } from '../world/prompts.ts';

/** What a group has in common: a place, a mail domain, a text, a build of a client. */
export interface Site {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly domain: string;
  readonly text: string;
  readonly client: Client | null;
  readonly startMs: number;
  readonly spreadMs: number;
  sharedDevice: { token: string; left: number };
}

const OWN_RUNGS = ['passkey', 'phone', 'card', 'organisation'] as const;
type OwnRung = (typeof OWN_RUNGS)[number];

interface Person {
  readonly id: string;
  readonly household: string | null;
  readonly site: Site;
  readonly draw: Draw;
  readonly ip: string;
  readonly client: Client;
  readonly device: string | null;
}

const SECONDS_TO_FILL_IN = { lognormal: { median: 25, sigma: 0.4 } } as const;
const SECONDS_UNTIL_MAIL = { lognormal: { median: 7, sigma: 0.8, max: 600 } } as const;
const SITTINGS_A_DAY = 5;
const HOURS_OF_A_DAY_OF_USE = 12;
const WORKING_HOURS = { from: 9, to: 18 };

/** Lets `signUps` accounts of a cohort come; gives the sites they come from. */
export function invitePeople(simulation: Simulation, cohort: People, signUps: number): Site[] {
  const draw = simulation.draw(`people/${cohort.name}`);
  const sites: Site[] = [];
  let sharedByStrangers = { token: '', left: 0 };
  let left = signUps;
  for (let group = 0; left > 0; group += 1) {
    const stream = draw.fork(`group${group}`);
    const people = Math.max(1, drawWhole(cohort.group.people, stream));
    const site = siteOf(simulation, cohort, `${cohort.name}-${group}`, stream);
    if (people === 1) site.sharedDevice = sharedByStrangers;
    const household = cohort.group.is_household ? `household-${site.name}` : null;
    for (let at = 0; at < people && left > 0; at += 1) {
      const person = personOf(simulation, cohort, site, stream.fork(`person${at}`), household);
      const accounts = Math.min(left, Math.max(1, drawWhole(cohort.group.accounts_per_person, person.draw)));
      for (let account = 0; account < accounts; account += 1) inviteOne(simulation, cohort, person, account);
      left -= accounts;
    }
    if (people === 1) sharedByStrangers = site.sharedDevice;
    sites.push(site);
  }
  return sites;
}

function siteOf(simulation: Simulation, cohort: People, name: string, draw: Draw): Site {
  const spreadMs = drawFrom(cohort.group.spread_hours, draw) * HOUR_MS;
  const span = Math.max(HOUR_MS, simulation.endMs - simulation.startMs - spreadMs - HOUR_MS);
  const needsSite = (cohort.network.site ?? 0) > 0;
  const needsVenue = (cohort.network.venue ?? 0) > 0;
  return {
    name,
    addresses: needsSite
      ? simulation.networks.site(draw, name, Math.max(1, drawWhole(cohort.addresses, draw)))
      : [needsVenue ? simulation.networks.venue(draw) : ''],
    domain: siteDomain(cohort.mail_suffix, draw),
    text: templateText(draw),
    client: cohort.has_one_client ? clientOf(draw.weighted<ClientKind>(cohort.client), draw) : null,
    startMs: simulation.startMs + draw.unit() * span,
    spreadMs,
    sharedDevice: { token: '', left: 0 },
  };
}

function personOf(simulation: Simulation, cohort: People, site: Site, draw: Draw, household: string | null): Person {
  const network = draw.weighted(cohort.network);
  const isHouseholdHome = household !== null && network === 'home';
  const ip = isHouseholdHome ? homeOf(simulation, site) : addressIn(simulation, cohort, site, network, draw);
  return {
    id: `person-${site.name}-${draw.hex(6)}`,
    household,
    site,
    draw,
    ip,
    client: site.client ?? clientOf(draw.weighted<ClientKind>(cohort.client), draw),
    device: deviceOf(cohort, site, draw),
  };
}

/** One line for the whole household. */
function homeOf(simulation: Simulation, site: Site): string {
  return simulation.networks.home(simulation.draw(`home/${site.name}`));
}

function addressIn(simulation: Simulation, cohort: People, site: Site, network: string, draw: Draw): string {
  const { networks } = simulation;
  if (network === 'site' || network === 'venue') return draw.pick(site.addresses);
  if (network === 'carrier') return networks.carrier(draw, drawFrom(cohort.people_per_carrier_address, draw));
  if (network === 'vpn') return networks.vpn(draw);
  if (network === 'cloud') return networks.cloud(draw);
  return networks.home(draw);
}

function deviceOf(cohort: People, site: Site, draw: Draw): string | null {
  const kind = draw.weighted(cohort.device);
  if (kind === 'none') return null;
  if (kind !== 'shared') return draw.hex(32);
  const device = site.sharedDevice;
  if (device.left <= 0) {
    device.token = draw.hex(32);
    device.left = Math.max(2, drawWhole(cohort.people_per_shared_device, draw));
  }
  device.left -= 1;
  return device.token;
}

function inviteOne(simulation: Simulation, cohort: People, person: Person, account: number): void {
  const { site, draw } = person;
  const jitter = site.spreadMs * draw.unit() ** 1.5;
  const later = account === 0 ? 0 : drawFrom({ exponential: { mean: 6 * DAY_MS } }, draw);
  const wantedMs = site.startMs + jitter + later;
  const atMs =
    cohort.group.arrival === 'working_hours' ? toWorkingHours(wantedMs, draw) : toWakingHours(wantedMs, draw);
  simulation.at(Math.min(atMs, simulation.endMs - HOUR_MS), () => arrive(simulation, cohort, person));
}

function toWorkingHours(atMs: number, draw: Draw): number {
  const hours = (atMs % DAY_MS) / HOUR_MS;
  if (hours >= WORKING_HOURS.from && hours < WORKING_HOURS.to) return atMs;
  return (
    atMs - (atMs % DAY_MS) + (WORKING_HOURS.from + draw.unit() * (WORKING_HOURS.to - WORKING_HOURS.from)) * HOUR_MS
  );
}

/** People of all time zones: nights are thinner, not empty. */
function toWakingHours(atMs: number, draw: Draw): number {
  const hours = (atMs % DAY_MS) / HOUR_MS;
  return hours < 6 && draw.chance(0.6) ? atMs + (6 + draw.unit() * 12) * HOUR_MS : atMs;
}

function arrive(simulation: Simulation, cohort: People, person: Person): void {
  const { draw, site } = person;
  const mail = draw.weighted(cohort.mail);
  const formMs = drawFrom(SECONDS_TO_FILL_IN, draw) * 1_000;
  const applicant: Applicant = {
    email: addressOf({ kind: mail, domain: site.domain, pattern: 0, serial: 0 }, draw),
    ip: person.ip,
    headers: person.client.headers,
    tlsClass: person.client.tlsClass,
    device: person.device,
    formMs,
  };
  const truth = {
    cohort: cohort.name,
    intent: 'legitimate',
    operator: person.id,
    household: person.household,
    level: null,
  } as const;
  const answer = simulation.door(applicant);
  if (answer.kind === 'refused') {
    simulation.turnedAway({ truth, costUsd: 0 });
    return;
  }
  const account = simulation.signUp(applicant, truth);
  const computes = !draw.chance(cohort.cannot_compute);
  const work =
    answer.workFactor === null ? 0 : workSeconds(cohort, answer.workFactor, computes ? null : answer.waitMs, draw);
  const seconds = work + drawFrom(SECONDS_UNTIL_MAIL, draw);
  const proofs: Rung[] = answer.workFactor !== null && computes ? ['mail', 'proof_of_work'] : ['mail'];
  const mayProve = OWN_RUNGS.filter((one) => one !== 'organisation' || mail === 'organisation');
  if (seconds > drawFrom(cohort.patience_seconds, draw)) account.firstTry = 'out_of_patience';
  else
    simulation.at(simulation.nowMs() + seconds * 1_000, () =>
      begin(simulation, cohort, person, account, { proofs, mayProve }),
    );
}

/** How many tries a search takes is geometric, so its time nearly exponential around the mean of the device. */
function workSeconds(cohort: People, factor: number, waitMs: number | null, draw: Draw): number {
  if (waitMs !== null) return waitMs / 1_000;
  return drawFrom(cohort.seconds_of_proof_of_work, draw) * factor * drawFrom({ exponential: { mean: 1 } }, draw);
}

function begin(
  simulation: Simulation,
  cohort: People,
  person: Person,
  account: SimulatedAccount,
  { proofs, mayProve }: { readonly proofs: readonly Rung[]; readonly mayProve: readonly OwnRung[] },
): void {
  const { draw } = person;
  for (const proof of proofs) simulation.prove(account, proof);
  simulation.prompted(account, promptOf(cohort, person));
  const price = drawFrom(cohort.use.usd_per_request, draw);
  const obtained = simulation.use(account, price, { all: 1, flagged: 0 });
  account.firstTry = outcomeOf(account, obtained);
  for (const rung of mayProve)
    if (draw.chance((cohort.has[rung] ?? 0) * cohort.gives_unasked)) inviteRung(simulation, account, rung, draw);
  inviteDay(simulation, cohort, person, account, 0.05 * DAY_MS * draw.unit());
}

function outcomeOf(account: SimulatedAccount, obtained: number): FirstTry {
  if (account.sanctionedAtMs !== null) return 'refused';
  return obtained > 0 ? 'answered' : 'no_credit';
}

function promptOf(cohort: People, person: Person): Prompt {
  const { draw, site } = person;
  const paraphrase = drawFrom(cohort.paraphrase, draw);
  switch (draw.weighted(cohort.prompt)) {
    case 'assignment':
    case 'starter':
      return exercisePrompt(site.text, paraphrase, draw);
    case 'team':
      return promptFrom(site.text, 0, draw);
    default:
      return ownPrompt(draw);
  }
}

function inviteRung(simulation: Simulation, account: SimulatedAccount, rung: OwnRung, draw: Draw): void {
  const household = account.truth.household;
  simulation.at(simulation.nowMs() + drawFrom({ exponential: { mean: 4 * DAY_MS } }, draw), () => {
    if (rung === 'phone') simulation.learnt(account, { kind: 'phone', number: phoneOf(draw) });
    if (rung === 'card')
      simulation.learnt(account, {
        kind: 'card',
        fingerprint: cardOf(simulation, household, draw),
        prepaid: draw.chance(0.05),
      });
    simulation.prove(account, rung);
  });
}

/** Four in ten of a household pay with the family's card. */
function cardOf(simulation: Simulation, household: string | null, draw: Draw): string {
  return household !== null && draw.chance(0.4) ? simulation.draw(`card/${household}`).hex(24) : draw.hex(24);
}

/** The next day on which they ask, in a few sittings. */
function inviteDay(
  simulation: Simulation,
  cohort: People,
  person: Person,
  account: SimulatedAccount,
  afterMs: number,
): void {
  simulation.at(simulation.nowMs() + afterMs, () => {
    const { draw } = person;
    const requests = Math.max(1, drawWhole(cohort.use.requests_per_day, draw));
    const sittings = Math.min(requests, 1 + draw.below(SITTINGS_A_DAY));
    if (draw.chance(cohort.share_of_days_elsewhere)) {
      const ip = elsewhere(simulation, cohort, draw);
      simulation.learnt(account, { kind: 'seen', ip, tlsClass: person.client.tlsClass });
    }
    for (let sitting = 0; sitting < sittings; sitting += 1)
      inviteSitting(simulation, cohort, person, account, Math.ceil(requests / sittings));
    const share = Math.max(0.02, Math.min(0.98, drawFrom(cohort.use.share_of_days, draw)));
    const days = Math.ceil(Math.log(1 - draw.unit()) / Math.log(1 - share));
    inviteDay(simulation, cohort, person, account, DAY_MS * (Math.max(1, days) - 0.1 + 0.2 * draw.unit()));
  });
}

function inviteSitting(
  simulation: Simulation,
  cohort: People,
  { draw }: Person,
  account: SimulatedAccount,
  requests: number,
): void {
  simulation.at(simulation.nowMs() + draw.unit() * HOURS_OF_A_DAY_OF_USE * HOUR_MS, () => {
    const flaggedShare = drawFrom(cohort.use.flagged, draw);
    let flagged = 0;
    for (let at = 0; at < Math.min(requests, 100); at += 1) flagged += draw.chance(flaggedShare) ? 1 : 0;
    simulation.use(account, requests * drawFrom(cohort.use.usd_per_request, draw), { all: requests, flagged });
  });
}

function elsewhere(simulation: Simulation, cohort: People, draw: Draw): string {
  if (draw.chance(0.5)) return simulation.networks.carrier(draw, drawFrom(cohort.people_per_carrier_address, draw));
  return draw.chance(0.3) ? simulation.networks.vpn(draw) : simulation.networks.home(draw);
}
