/** Made-up clients: which headers they send in which order, and the class of their TLS greeting. */
import type { Draw } from '../draw.ts';
import type { ClientKind } from '../population.ts';

export interface Client {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly tlsClass: string;
}

interface Family {
  readonly name: string;
  readonly weight: number;
  readonly order: readonly string[];
  readonly versions: readonly number[];
  readonly agent: (version: number) => string;
  /** Greetings change every few versions. */
  readonly tls: (version: number) => string;
}

const CHROMIUM_ORDER = [
  'host',
  'connection',
  'content-length',
  'sec-ch-ua-platform',
  'user-agent',
  'sec-ch-ua',
  'content-type',
  'sec-ch-ua-mobile',
  'accept',
  'origin',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'referer',
  'accept-encoding',
  'accept-language',
  'cookie',
];
const FIREFOX_ORDER = [
  'host',
  'user-agent',
  'accept',
  'accept-language',
  'accept-encoding',
  'referer',
  'content-type',
  'content-length',
  'origin',
  'connection',
  'cookie',
  'sec-fetch-dest',
  'sec-fetch-mode',
  'sec-fetch-site',
  'priority',
];
const SAFARI_ORDER = [
  'host',
  'content-type',
  'accept',
  'sec-fetch-site',
  'accept-language',
  'accept-encoding',
  'sec-fetch-mode',
  'origin',
  'user-agent',
  'content-length',
  'referer',
  'connection',
  'sec-fetch-dest',
  'cookie',
];

const recent = (from: number): readonly number[] => [
  from,
  from,
  from,
  from - 1,
  from - 1,
  from - 2,
  from - 3,
  from - 6,
];

const BROWSERS: readonly Family[] = [
  family('chrome-windows', 34, CHROMIUM_ORDER, recent(143), 'Windows NT 10.0; Win64; x64', 'Chrome'),
  family('chrome-mac', 9, CHROMIUM_ORDER, recent(143), 'Macintosh; Intel Mac OS X 10_15_7', 'Chrome'),
  family('chrome-android', 17, CHROMIUM_ORDER, recent(143), 'Linux; Android 10; K', 'Chrome'),
  family('edge-windows', 8, CHROMIUM_ORDER, recent(142), 'Windows NT 10.0; Win64; x64', 'Edg'),
  family('firefox-windows', 4, FIREFOX_ORDER, recent(146), 'Windows NT 10.0; Win64; x64; rv', 'Firefox'),
  family('firefox-linux', 3, FIREFOX_ORDER, recent(146), 'X11; Linux x86_64; rv', 'Firefox'),
  family('safari-iphone', 17, SAFARI_ORDER, recent(26), 'iPhone; CPU iPhone OS 26_0 like Mac OS X', 'Safari'),
  family('safari-mac', 8, SAFARI_ORDER, recent(26), 'Macintosh; Intel Mac OS X 10_15_7', 'Safari'),
];

const SCRIPTS: readonly Family[] = [
  family(
    'python-requests',
    40,
    ['host', 'user-agent', 'accept-encoding', 'accept', 'connection', 'content-length', 'content-type'],
    [2],
    'x',
    'python-requests',
  ),
  family(
    'python-httpx',
    20,
    ['host', 'accept', 'accept-encoding', 'connection', 'user-agent', 'content-length', 'content-type'],
    [28],
    'x',
    'python-httpx',
  ),
  family(
    'node',
    25,
    [
      'host',
      'connection',
      'content-type',
      'accept',
      'accept-language',
      'sec-fetch-mode',
      'user-agent',
      'accept-encoding',
      'content-length',
    ],
    [24],
    'x',
    'node',
  ),
  family(
    'go',
    15,
    ['host', 'user-agent', 'content-length', 'content-type', 'accept-encoding'],
    [2],
    'x',
    'Go-http-client',
  ),
];

const HEADLESS: readonly Family[] = [
  family(
    'headless-a',
    50,
    CHROMIUM_ORDER.filter((name) => name !== 'cookie'),
    recent(140),
    'X11; Linux x86_64',
    'HeadlessChrome',
  ),
  family(
    'headless-b',
    50,
    [...CHROMIUM_ORDER.slice(4), ...CHROMIUM_ORDER.slice(0, 4)],
    recent(139),
    'X11; Linux x86_64',
    'Chrome',
  ),
];

const LANGUAGES = {
  'en-US,en;q=0.9': 40,
  'en-GB,en;q=0.8': 10,
  'zh-CN,zh;q=0.9,en;q=0.8': 16,
  'es-ES,es;q=0.9': 8,
  'de-DE,de;q=0.9,en;q=0.7': 7,
  'pt-BR,pt;q=0.9': 6,
  'fr-FR,fr;q=0.9': 6,
  'ja,en;q=0.8': 4,
  'hi-IN,hi;q=0.9,en;q=0.8': 3,
};

/** A client of its kind; `disguised` sends a browser's headers over the greeting of a library. */
export function clientOf(kind: ClientKind, draw: Draw): Client {
  if (kind === 'browser') return clientFrom(BROWSERS, draw);
  if (kind === 'script') return clientFrom(SCRIPTS, draw);
  if (kind === 'headless') return clientFrom(HEADLESS, draw);
  return { headers: clientFrom(BROWSERS, draw).headers, tlsClass: clientFrom(SCRIPTS, draw).tlsClass };
}

function clientFrom(families: readonly Family[], draw: Draw): Client {
  const name = draw.weighted(Object.fromEntries(families.map((one) => [one.name, one.weight])));
  const chosen = families.find((one) => one.name === name) ?? draw.pick(families);
  const version = draw.pick(chosen.versions);
  const language = draw.weighted(LANGUAGES);
  const headers = chosen.order.map((header) => [header, valueOf(header, chosen, version, language)] as const);
  return { headers, tlsClass: chosen.tls(version) };
}

function valueOf(header: string, chosen: Family, version: number, language: string): string {
  if (header === 'user-agent') return chosen.agent(version);
  if (header === 'accept-language') return language;
  if (header === 'sec-ch-ua') return `"Chromium";v="${version}", "Not A(Brand";v="24"`;
  if (header === 'sec-ch-ua-platform') return chosen.name.includes('mac') ? '"macOS"' : '"Windows"';
  return VALUES[header] ?? 'x';
}

const VALUES: Readonly<Record<string, string>> = {
  host: 'api.example',
  accept: 'application/json',
  'content-type': 'application/json',
  'accept-encoding': 'gzip, deflate, br, zstd',
  origin: 'https://portal.example',
  connection: 'keep-alive',
};

function family(
  name: string,
  weight: number,
  order: readonly string[],
  versions: readonly number[],
  platform: string,
  product: string,
): Family {
  const isLibrary = platform === 'x';
  return {
    name,
    weight,
    order,
    versions,
    agent: (version) => (isLibrary ? `${product}/${version}.1` : `Mozilla/5.0 (${platform}) ${product}/${version}.0`),
    tls: (version) =>
      tlsOf(
        isLibrary ? name : name.split('-')[0] === 'edge' ? 'chrome' : (name.split('-')[0] ?? name),
        isLibrary ? 0 : Math.floor(version / 4),
      ),
  };
}

/** In the shape of a JA4 (FoxIO): the same for every user of one build. */
function tlsOf(engine: string, generation: number): string {
  let hash = 2_166_136_261;
  for (const character of `${engine}${generation}`) hash = Math.imul(hash ^ character.charCodeAt(0), 16_777_619) >>> 0;
  const part = hash.toString(16).padStart(8, '0');
  return `t13d${15 + (hash % 3)}${16 + (hash % 5)}h2_${part}${part.slice(0, 4)}_${part.slice(4)}${part}`;
}
