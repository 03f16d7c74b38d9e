import type { DemoApp } from './apps.ts';
import type { Seeded } from './seeded.ts';

/** How a caller's requests are spread over a day (UTC). */
export type Rhythm = 'office_asia' | 'office_europe' | 'evening_asia' | 'evening_europe' | 'flat';

export interface DemoAccount {
  readonly name: string;
  readonly kind: 'person' | 'workspace';
  /** Credit it begins with: dollars that were paid, or the free plan. */
  readonly credit: { readonly paidUsd: number } | 'free';
}

/** One key in use. */
export interface Caller {
  /** Position among the accounts. */
  readonly account: number;
  readonly product: 'api' | 'partner' | 'chat' | 'studio';
  /** What the key declares; null leaves it to be found out. */
  readonly declares: string | null;
  /** Apps that use the key: one, but for a key that is resold. */
  readonly apps: readonly DemoApp[];
  readonly requestsPerDay: number;
  readonly rhythm: Rhythm;
  /** Different end users it names; 0 names none. */
  readonly endUsers: number;
  /** Whether some of it is what moderation should find. */
  readonly asks: 'mixed' | 'usual';
  readonly streamedShare: number;
  readonly models: readonly (readonly [model: string, weight: number])[];
  readonly clients: readonly string[];
  /** /24 blocks its requests come from, without the last number. */
  readonly networks: readonly string[];
  /** Times its usual rate between two moments of the day, shares of it. */
  readonly surge: { readonly from: number; readonly to: number; readonly times: number } | null;
  /** Why it is in the cast, where it is no ordinary caller. */
  readonly part: 'ordinary' | 'farm' | 'reseller' | 'hog' | 'spent';
}

export interface Cast {
  readonly accounts: readonly DemoAccount[];
  readonly callers: readonly Caller[];
}

const WORKSPACES = [
  'Lantern Books',
  'Harbour Clinic',
  'Orchard School',
  'Meridian Travel',
  'Blue Kite Studio',
  'Stone Bridge Bank',
  'Fern & Field',
  'Paper Moon Games',
  'Quiet Valley Energy',
  'Red Lantern Logistics',
  'Juniper Legal',
  'North Pier Media',
  'Cloud Terrace Hotels',
  'Willow Gate Insurance',
] as const;

const CLIENTS = [
  'OpenAI/Python 2.8.1',
  'OpenAI/JS 7.57.0',
  'Anthropic/Python 0.80.0',
  'ai-sdk/7.0 node',
  'python-requests/2.32.5',
  'Go-http-client/2.0',
  'curl/8.11.0',
] as const;

const RHYTHMS: readonly Rhythm[] = ['office_asia', 'office_europe', 'evening_asia', 'evening_europe', 'flat'];
const CHATTERS = 40;
const FARM_ACCOUNTS = 12;

/** Who lives in the demo: firms with apps, people who chat, and those a service that lets strangers in also gets. */
export function createCast(apps: readonly DemoApp[], seeded: Seeded): Cast {
  const accounts: DemoAccount[] = WORKSPACES.map((name) => ({ name, kind: 'workspace', credit: { paidUsd: 400 } }));
  const callers: Caller[] = [];
  const declared = apps.filter((app) => app.declared);
  const undeclared = apps.filter((app) => !app.declared);

  const person = (name: string, credit: DemoAccount['credit'] = 'free') =>
    accounts.push({ name, kind: 'person', credit }) - 1;
  const add = (caller: Partial<Caller> & Pick<Caller, 'account' | 'apps'>) =>
    callers.push({ ...ordinary(seeded), ...caller });

  for (const [at, app] of declared.entries()) {
    const product = at % 5 === 0 ? 'studio' : 'partner';
    const surge = at === 2 ? { from: 0.72, to: 0.8, times: 14 } : null;
    add({
      account: at % WORKSPACES.length,
      apps: [app],
      declares: app.id,
      product,
      surge,
      endUsers: seeded.int(20, 400),
    });
  }
  for (const [at, app] of undeclared.entries()) {
    // Some of them run under several keys: the same prompts, bought or copied.
    const keys = at % 4 === 0 ? 3 : 1;
    for (let key = 0; key < keys; key++) {
      const account = at % 3 === 0 ? (at + key) % WORKSPACES.length : person(`developer-${at}-${key}`, { paidUsd: 25 });
      add({ account, apps: [app], endUsers: key === 0 ? seeded.int(0, 60) : 0 });
    }
  }
  for (let at = 0; at < CHATTERS; at++) {
    const rhythm = seeded.pick(['evening_asia', 'evening_europe'] as const);
    const account = person(`chatter-${String(at).padStart(3, '0')}`);
    add({
      account,
      apps: [seeded.pick(declared)],
      declares: 'chat',
      product: 'chat',
      rhythm,
      requestsPerDay: 6,
      streamedShare: 1,
    });
  }
  addAbusers(undeclared, person, add);
  return { accounts, callers };
}

function addAbusers(
  undeclared: readonly DemoApp[],
  person: (name: string, credit?: DemoAccount['credit']) => number,
  add: (caller: Partial<Caller> & Pick<Caller, 'account' | 'apps'>) => void,
): void {
  const farmed = undeclared.slice(1, 2);
  for (let at = 0; at < FARM_ACCOUNTS; at++) {
    const account = person(`newcomer-${String(at).padStart(2, '0')}`);
    const clients = ['python-requests/2.32.5'];
    const networks = ['198.51.100'];
    add({ account, apps: farmed, part: 'farm', rhythm: 'flat', requestsPerDay: 30, endUsers: 0, clients, networks });
  }
  const resold = person('wholesale', { paidUsd: 200 });
  add({
    account: resold,
    apps: undeclared.slice(3, 9),
    part: 'reseller',
    rhythm: 'flat',
    requestsPerDay: 400,
    endUsers: 300,
  });
  const hog = person('crawler', { paidUsd: 50 });
  const burst = { from: 0.41, to: 0.43, times: 60 };
  add({ account: hog, apps: undeclared.slice(9, 10), part: 'hog', requestsPerDay: 220, endUsers: 0, surge: burst });
  const spent = person('all-spent', { paidUsd: 1 });
  add({
    account: spent,
    apps: undeclared.slice(10, 11),
    part: 'spent',
    requestsPerDay: 350,
    endUsers: 4,
    models: [['sage', 1]],
  });
}

function ordinary(seeded: Seeded): Omit<Caller, 'account' | 'apps'> {
  const networks = Array.from({ length: seeded.int(1, 3) }, () => `203.0.${seeded.int(0, 255)}`);
  return {
    product: 'partner',
    declares: null,
    requestsPerDay: Math.round(seeded.around(110, 0.9)),
    rhythm: seeded.pick(RHYTHMS),
    endUsers: 0,
    asks: 'mixed',
    streamedShare: seeded.pick([0, 0.3, 0.8, 1]),
    models: seeded.pick([
      [['swift', 1]],
      [
        ['swift', 3],
        ['sage', 1],
      ],
      [
        ['lotus', 2],
        ['swift', 1],
      ],
      [['sage', 1]],
    ] as const),
    clients: [seeded.pick(CLIENTS)],
    networks,
    surge: null,
    part: 'ordinary',
  };
}
