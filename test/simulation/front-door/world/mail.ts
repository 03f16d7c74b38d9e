/** Made-up mail addresses: as people choose them, as scripts make them, as sellers sell them. */
import type { Draw } from '../draw.ts';
import type { MailKind } from '../population.ts';
import NAMES from './names.json' with { type: 'json' };

/** What addresses are made of besides chance. */
export interface MailSource {
  readonly kind: MailKind;
  /** Of the site, or of the farm's own making. */
  readonly domain: string;
  /** How this script writes a local part; the same for every account of a ring. */
  readonly pattern: number;
  /** How many came before from this script. */
  readonly serial: number;
}

export function addressOf(source: MailSource, draw: Draw): string {
  switch (source.kind) {
    case 'public':
    case 'bought':
      return `${personal(draw)}@${draw.weighted(NAMES.public)}`;
    case 'organisation':
      return `${official(draw)}@${source.domain}`;
    case 'relay':
      return `${draw.hex(10)}@${draw.weighted(NAMES.relay)}`;
    case 'own_domain':
      return `${draw.pick(['hello', 'me', 'mail', 'contact', draw.pick(NAMES.first)])}@${draw.pick(NAMES.last)}-${draw.pick(NAMES.nick)}${draw.below(400)}.example`;
    case 'scripted':
      return `${scripted(source, draw)}@${draw.chance(0.8) ? 'gmail.com' : 'outlook.com'}`;
    case 'plus_tags':
      return `${dotted(source, draw)}+${draw.hex(4)}@gmail.com`;
    case 'disposable':
      return `${draw.hex(8)}@${draw.weighted(NAMES.disposable)}`;
    case 'plain_names':
      return `${plainName(source, draw)}@${source.domain}`;
    case 'catch_all':
      return `${scripted(source, draw)}@${source.domain}`;
  }
}

export function siteDomain(suffixes: Readonly<Record<string, number>>, draw: Draw): string {
  return `${draw.pick(NAMES.last)}-${draw.pick(NAMES.noun)}-${draw.below(9_000)}.${draw.weighted(suffixes)}`;
}

export function farmDomain(draw: Draw): string {
  return `${draw.pick(NAMES.adjective)}${draw.pick(NAMES.noun)}${draw.below(10_000)}.example`;
}

/** Everyone invents their own, so most are rare and some are not. */
function personal(draw: Draw): string {
  const [first, last, nick] = [draw.pick(NAMES.first), draw.pick(NAMES.last), draw.pick(NAMES.nick)];
  const year = String(1955 + draw.below(55));
  const shapes = [
    `${first}.${last}`,
    `${first}.${last}${draw.below(100)}`,
    `${first}${last}${year.slice(2)}`,
    `${first.slice(0, 1)}${last}${draw.below(1_000)}`,
    `${first}_${last}${year}`,
    `${nick}${draw.pick(NAMES.nick)}${draw.below(1_000)}`,
    `${nick}.${first}${draw.below(100)}`,
    `${last}${first.slice(0, 2)}${draw.below(10_000)}`,
    `${first}${nick}`,
    `${draw.below(1_000_000_000) + 100_000_000}`,
    `${last}.${nick}${year.slice(2)}`,
    `the${nick}${last}`,
  ];
  return draw.pick(shapes);
}

function official(draw: Draw): string {
  const [first, last] = [draw.pick(NAMES.first), draw.pick(NAMES.last)];
  return draw.pick([
    `${first}.${last}`,
    `${first.slice(0, 1)}${last}`,
    `${last}${first.slice(0, 1)}`,
    `${first}.${last}${draw.below(20)}`,
    `s${1_000_000 + draw.below(8_000_000)}`,
  ]);
}

function scripted({ pattern, serial }: MailSource, draw: Draw): string {
  const [adjective, noun] = [draw.pick(NAMES.adjective), draw.pick(NAMES.noun)];
  switch (pattern % 5) {
    case 0:
      return `${adjective}${noun}${100 + draw.below(900)}`;
    case 1:
      return `${NAMES.nick[pattern % NAMES.nick.length]}${serial}`;
    case 2:
      return `${adjective}.${noun}${draw.below(100)}`;
    case 3:
      return draw.hex(12);
    default:
      return `${draw.pick(NAMES.first)}${draw.pick(NAMES.last)}${1_000 + draw.below(9_000)}`;
  }
}

/** As libraries of made-up people write it, one way for each ring. */
function plainName({ pattern }: MailSource, draw: Draw): string {
  const [first, last] = [draw.pick(NAMES.first), draw.pick(NAMES.last)];
  return [`${first}.${last}`, `${first.slice(0, 1)}${last}`, `${first}${last}`][pattern % 3] ?? first;
}

/** One mailbox under many spellings. */
function dotted({ pattern }: MailSource, draw: Draw): string {
  const name = `${NAMES.first[pattern % NAMES.first.length]}${NAMES.last[(pattern * 7) % NAMES.last.length]}${pattern % 97}`;
  const at = 1 + draw.below(name.length - 2);
  return `${name.slice(0, at)}.${name.slice(at)}`;
}
