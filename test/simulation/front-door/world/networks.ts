/** Made-up networks: who announces which prefixes, and the addresses that people, sites and farms come from. */
import type { Draw } from '../draw.ts';

export interface Organisation {
  readonly asn: number;
  readonly name: string;
}

/** A number of addresses that one organisation owns. */
export interface Block {
  readonly organisation: Organisation;
  /** IPv4 /24s, as their first three numbers. */
  readonly prefixes: readonly string[];
  /** The IPv6 /32 of the organisation. */
  readonly sixth: string;
}

export interface Networks {
  /** An address of a home line: as often IPv6 as home lines are. Each call is another home. */
  home(draw: Draw): string;
  /** A home address that a seller of proxies lends out; the line's owner may be asking from it too. */
  residentialProxy(draw: Draw): string;
  /** One of the few addresses behind which a mobile carrier puts its customers. */
  carrier(draw: Draw, peoplePerAddress: number): string;
  /** Addresses of one site: `count` of them in one prefix, with its own organisation. */
  site(draw: Draw, name: string, count: number): readonly string[];
  /** Addresses of a hotel, a café or a venue on a business line of an ordinary provider. */
  venue(draw: Draw): string;
  cloud(draw: Draw): string;
  vpn(draw: Draw): string;
  /** Many addresses in one rented prefix. */
  onePrefix(draw: Draw, count: number): readonly string[];
  /** What a database of networks says of an address. */
  organisationOf(ip: string): Organisation | null;
}

const SHARE_OF_IPV6 = 0.35;
const HOME_PROVIDERS = [
  'Northline',
  'Telbrae',
  'Fibra Sul',
  'Kabelwerk',
  'Jinghe Net',
  'Aozora',
  'Lumen Hill',
  'Ostnet',
];
const CARRIERS = ['Vela Mobile', 'Tigra', 'Sanyuan Mobile', 'Handynet', 'Movila', 'Jadu'];
const HOSTERS = ['Rackmoor', 'Cloudpine', 'Stratolane', 'Vpsforge', 'Hetra'];
const CLOUDS = ['Bigcloud', 'Azimuth', 'Greatwall Cloud'];
const VPNS = ['Quietpipe', 'Nordwall', 'Mullhaven'];
const HOME_PREFIXES = 3_000;
const HOSTER_PREFIXES = 240;
const VPN_PREFIXES = 12;

/** `signUps` sizes what carriers need, so that people per address stay as named whatever the size of the run. */
export function createNetworks(signUps: number): Networks {
  const owners = new Map<string, Organisation>();
  let prefixesUsed = 0;
  let asn = 64_512;
  const allot = (name: string, count: number): Block => {
    asn += 1;
    const organisation = { asn, name };
    const prefixes = Array.from({ length: count }, () => {
      const at = prefixesUsed;
      prefixesUsed += 1;
      return `${20 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}`;
    });
    const sixth = `2a0${(asn >> 8) & 15}:${(asn & 255).toString(16)}00`;
    for (const prefix of [...prefixes, sixth]) owners.set(prefix, organisation);
    return { organisation, prefixes, sixth };
  };
  const homes = HOME_PROVIDERS.map((name) => allot(name, HOME_PREFIXES));
  const carriers = CARRIERS.map((name) => allot(name, Math.max(1, Math.ceil(signUps / 25_000))));
  const hosters = HOSTERS.map((name) => allot(name, HOSTER_PREFIXES));
  const clouds = CLOUDS.map((name) => allot(name, HOSTER_PREFIXES));
  const vpns = VPNS.map((name) => allot(name, VPN_PREFIXES));
  const fourth = (prefix: string, stream: Draw): string => `${prefix}.${1 + stream.below(254)}`;
  const anyOf = (blocks: readonly Block[], stream: Draw): string =>
    fourth(stream.pick(stream.pick(blocks).prefixes), stream);
  return {
    home: (stream) =>
      stream.chance(SHARE_OF_IPV6) ? sixthAddress(stream.pick(homes).sixth, stream) : anyOf(homes, stream),
    residentialProxy: (stream) => anyOf(homes, stream),
    carrier: (stream, peoplePerAddress) => {
      const block = stream.pick(carriers);
      const addresses = Math.max(2, Math.round(signUps / CARRIERS.length / peoplePerAddress));
      const at = stream.below(addresses);
      return `${block.prefixes[at % block.prefixes.length]}.${1 + (Math.floor(at / block.prefixes.length) % 254)}`;
    },
    site: (stream, name, count) => {
      const prefix = allot(name, 1).prefixes[0] ?? '';
      const first = 1 + stream.below(200);
      return Array.from({ length: count }, (_, at) => `${prefix}.${1 + ((first + at) % 254)}`);
    },
    venue: (stream) => anyOf(homes, stream),
    cloud: (stream) => anyOf(clouds, stream),
    vpn: (stream) => fourth(stream.pick(stream.pick(vpns).prefixes), stream),
    onePrefix: (stream, count) => {
      const prefix = stream.pick(stream.pick(hosters).prefixes);
      return Array.from({ length: count }, () => fourth(prefix, stream));
    },
    organisationOf: (ip) =>
      owners.get(ip.includes(':') ? ip.split(':', 2).join(':') : ip.slice(0, ip.lastIndexOf('.'))) ?? null,
  };
}

/** Homes get a /56 each; the interface part is random, as privacy addresses are. */
function sixthAddress(sixth: string, draw: Draw): string {
  const groups = [sixth, draw.hex(4), `${draw.hex(2)}00`, draw.hex(4), draw.hex(4), draw.hex(4), draw.hex(4)];
  return groups.join(':');
}

export function dataCentre(networks: Networks, draw: Draw, count: number): readonly string[] {
  return Array.from({ length: Math.ceil(count / 4) }, (_, at) =>
    networks.onePrefix(draw.fork(`centre${at}`), 4),
  ).flat();
}
