/** What a ring of farmed accounts is made of: addresses, domains, clients, devices, cards and texts it has bought or written. */
import { type Draw, drawFrom, drawWhole } from '../draw.ts';
import type { ClientKind, Disguise, Level, Populations } from '../population.ts';
import type { Applicant, Simulation } from '../simulation.ts';
import { type Client, clientOf } from '../world/clients.ts';
import { addressOf, farmDomain } from '../world/mail.ts';
import { dataCentre } from '../world/networks.ts';
import { type Prompt, promptFrom, templateText } from '../world/prompts.ts';
import { phoneOf } from '../world/phones.ts';

/** The signals a ring can disguise, each at a level of its own. */
export const SIGNALS = ['network', 'mail', 'device', 'client', 'content', 'payment', 'tempo'] as const;
export type Signal = (typeof SIGNALS)[number];

export interface RingKit {
  /** The next sign-up; what it cost, US dollars. */
  applicant(): { readonly applicant: Applicant; readonly costUsd: number };
  prompt(): Prompt;
  /** Seconds until the next sign-up. */
  gapSeconds(): number;
  card(): { readonly fingerprint: string; readonly prepaid: boolean; readonly costUsd: number };
  phone(): { readonly number: string; readonly costUsd: number };
  /** What a phone or a card costs per account on the average, as the ring reckons before it buys. */
  readonly expected: { readonly phone: number; readonly card: number };
  /** Moves one signal up a level, or starts it anew where there is no higher one; what that cost. */
  change(): number;
}

interface Batch<Item> {
  item: Item;
  left: number;
}

/** `gapCapSeconds` keeps a large ring within the month. */
export function createRingKit(
  simulation: Simulation,
  disguises: Populations['disguises'],
  start: Level,
  gapCapSeconds: number,
  draw: Draw,
): RingKit {
  const levels = Object.fromEntries(SIGNALS.map((signal) => [signal, start])) as Record<Signal, Level>;
  const at = (signal: Signal): Disguise => disguises[levels[signal]];
  let identity = identityOf(simulation, at, draw);
  let serial = draw.below(50);
  const domain: Batch<string> = { item: '', left: 0 };
  return {
    ...createTill(at, draw),
    applicant() {
      serial += 1;
      let costUsd = drawFrom(at('network').cost_usd.account, draw);
      if (
        takeFrom(
          domain,
          () => farmDomain(draw),
          () => drawWhole(at('mail').accounts_per_domain, draw),
        )
      )
        costUsd += usesDomains(at('mail')) ? drawFrom(at('mail').cost_usd.domain, draw) : 0;
      const kind = draw.weighted(at('mail').mail);
      const client = draw.pick(identity.clients);
      const email = addressOf({ kind, domain: domain.item, pattern: identity.pattern, serial }, draw);
      const formMs = drawFrom(at('tempo').form_seconds, draw) * 1_000;
      const facts = {
        email,
        ip: ipOf(simulation, at('network'), identity, draw),
        headers: client.headers,
        tlsClass: client.tlsClass,
      };
      return { applicant: { ...facts, device: deviceOf(at('device'), identity, draw), formMs }, costUsd };
    },
    prompt: () => promptFrom(draw.pick(identity.texts), drawFrom(at('content').paraphrase, draw), draw),
    gapSeconds: () => Math.min(gapCapSeconds * 2 * draw.unit(), drawFrom(at('tempo').gap_seconds, draw)),
    change() {
      const signal = draw.pick(SIGNALS);
      levels[signal] = String(Math.min(4, Number(levels[signal]) + 1)) as Level;
      const fresh = identityOf(simulation, at, draw);
      identity = { ...identity, ...partOf(fresh, signal) };
      domain.left = signal === 'mail' ? 0 : domain.left;
      return drawFrom(at(signal).cost_usd.change, draw);
    },
  };
}

const SHARE_OF_PREPAID = 0.6;
const SAMPLES_OF_A_PRICE = 9;

/** The cards and phones a ring has, each for so many accounts. */
function createTill(at: (signal: Signal) => Disguise, draw: Draw): Pick<RingKit, 'expected' | 'card' | 'phone'> {
  const card: Batch<{ readonly fingerprint: string; readonly prepaid: boolean }> = {
    item: { fingerprint: '', prepaid: false },
    left: 0,
  };
  const phone: Batch<string> = { item: '', left: 0 };
  const reckoned = (what: 'phone' | 'card'): number => {
    const samples = Array.from({ length: SAMPLES_OF_A_PRICE }, () => drawFrom(at('payment').cost_usd[what], draw));
    const each = Math.max(1, drawWhole(at('payment')[`accounts_per_${what}`], draw));
    return samples.reduce((sum, one) => sum + one, 0) / samples.length / each;
  };
  return {
    expected: { phone: reckoned('phone'), card: reckoned('card') },
    card() {
      const isNew = takeFrom(
        card,
        () => ({ fingerprint: draw.hex(24), prepaid: draw.chance(SHARE_OF_PREPAID) }),
        () => drawWhole(at('payment').accounts_per_card, draw),
      );
      return { ...card.item, costUsd: isNew ? drawFrom(at('payment').cost_usd.card, draw) : 0 };
    },
    phone() {
      const isNew = takeFrom(
        phone,
        () => phoneOf(draw),
        () => drawWhole(at('payment').accounts_per_phone, draw),
      );
      return { number: phone.item, costUsd: isNew ? drawFrom(at('payment').cost_usd.phone, draw) : 0 };
    },
  };
}

interface Identity {
  readonly addresses: readonly string[];
  readonly pattern: number;
  readonly devices: readonly string[];
  readonly clients: readonly Client[];
  readonly texts: readonly string[];
}

function identityOf(simulation: Simulation, at: (signal: Signal) => Disguise, draw: Draw): Identity {
  const count = Math.max(1, drawWhole(at('network').addresses, draw));
  const network = at('network').network;
  return {
    addresses:
      (network.one_prefix ?? 0) > 0
        ? simulation.networks.onePrefix(draw, count)
        : (network.data_centre ?? 0) > 0
          ? dataCentre(simulation.networks, draw, count)
          : [],
    pattern: draw.below(1_000),
    devices: Array.from({ length: Math.max(1, drawWhole(at('device').devices_in_pool, draw)) }, () => draw.hex(32)),
    clients: Array.from({ length: Math.max(1, drawWhole(at('client').clients_per_ring, draw)) }, () =>
      clientOf(draw.weighted<ClientKind>(at('client').client), draw),
    ),
    texts: Array.from({ length: Math.max(1, drawWhole(at('content').templates, draw)) }, () => templateText(draw)),
  };
}

function partOf(fresh: Identity, signal: Signal): Partial<Identity> {
  if (signal === 'network') return { addresses: fresh.addresses };
  if (signal === 'mail') return { pattern: fresh.pattern };
  if (signal === 'device') return { devices: fresh.devices };
  if (signal === 'client') return { clients: fresh.clients };
  return signal === 'content' ? { texts: fresh.texts } : {};
}

function ipOf(simulation: Simulation, disguise: Disguise, identity: Identity, draw: Draw): string {
  const kind = draw.weighted(disguise.network);
  if (kind === 'carrier') return simulation.networks.carrier(draw, 200);
  if (kind === 'vpn') return simulation.networks.vpn(draw);
  if (kind === 'cloud') return simulation.networks.cloud(draw);
  if (kind === 'residential_proxy' || identity.addresses.length === 0)
    return simulation.networks.residentialProxy(draw);
  return draw.pick(identity.addresses);
}

function deviceOf(disguise: Disguise, identity: Identity, draw: Draw): string | null {
  const kind = draw.weighted(disguise.device);
  if (kind === 'none') return null;
  if (kind === 'same') return identity.devices[0] ?? null;
  return kind === 'pool' ? draw.pick(identity.devices) : draw.hex(32);
}

function usesDomains(disguise: Disguise): boolean {
  return (disguise.mail.catch_all ?? 0) + (disguise.mail.plain_names ?? 0) > 0;
}

/** True when a new item had to be got. */
function takeFrom<Item>(batch: Batch<Item>, next: () => Item, size: () => number): boolean {
  const isNew = batch.left <= 0;
  if (isNew) {
    batch.item = next();
    batch.left = Math.max(1, size());
  }
  batch.left -= 1;
  return isNew;
}
