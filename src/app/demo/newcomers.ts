import type { DemoApp } from './apps.ts';
import type { Caller } from './cast.ts';
import type { Seeded } from './seeded.ts';
import { type TroubleRole, troubled } from './trouble-cast.ts';

/** Somebody who signs up at the portal during the days, and what their browser shows of them. */
export interface Newcomer {
  readonly email: string;
  readonly locale: 'en' | 'zh';
  /** When they come, as a share of the days. */
  readonly at: number;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Those who share one share a browser. */
  readonly device: string;
  readonly formMs: number;
  readonly plan: string | null;
  /** Solves the challenge, instead of waiting. */
  readonly computes: boolean;
  readonly role: 'person' | 'founder' | 'colleague' | 'guest' | 'farmed' | TroubleRole;
  /** What they do with the key they make; null for those who only look. */
  readonly use: Omit<Caller, 'account'> | null;
}

/** People wait in line for it. */
export const PLAN_IN_LINE = 'preview';
export const COMPANY = { name: 'Alder & Finch', domain: 'alder-finch.example', app: 'tender-drafts' } as const;
/** Whose account is to be looked at in the portal. */
export const FOUNDER_EMAIL = `ida.alder@${COMPANY.domain}`;

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:152.0) Gecko/20100101 Firefox/152.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:152.0) Gecko/20100101 Firefox/152.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 20_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/20.1 Mobile/15E148 Safari/604.1',
] as const;
const MAIL_HOSTS = ['letters.example', 'inbox-north.example', 'youxiang.example', 'posta.example', 'mailroom.example'];
const PEOPLE_EN =
  'anna.bell tom.hill priya.nair jonas.berg chloe.martin samuel.okoro mei.tanaka lucia.cruz fatima.zahra oleg.petrov grace.hopkins dev.patel ingrid.voss marcus.lee noor.haddad elena.rossi peter.novak';
const PEOPLE_ZH = 'chenyutong liuyang_88 ouyangjing sunyue2026 wuyiran zhaoxiaoman hanmei_m lileilei';
const COLLEAGUES = 'ida.alder ravi.finch joan.mercer sven.holt lin.wu';
const IN_LINE = 'amara.diallo felix.braun sofia.lind kenji.mori rosa.vidal adam.kay';
const GUESTS = 'yara.saleh nils.ek bao.tran';
const FARMED = 25;

/** Who signs up: people each for themselves, a household, a company, some in line, and a farm that counts its names up. */
export function createNewcomers(apps: readonly DemoApp[], seeded: Seeded): Newcomer[] {
  const declared = apps.filter((app) => app.declared);
  const uses = (app: DemoApp, requestsPerDay: number, endUsers = 0): NonNullable<Newcomer['use']> => ({
    apps: [app],
    requestsPerDay,
    endUsers,
    part: 'ordinary',
    asks: 'usual',
    product: 'api',
    declares: null,
    rhythm: 'flat',
    streamedShare: 0.6,
    models: [['swift', 1]],
    clients: [seeded.pick(['OpenAI/Python 2.8.1', 'OpenAI/JS 7.57.0', 'python-requests/2.32.5'])],
    networks: [],
    surge: null,
  });
  const home = () => `203.0.${seeded.int(0, 255)}.${seeded.int(1, 254)}`;
  const person = (email: string, more: Partial<Newcomer> = {}): Newcomer => ({
    email,
    locale: 'en',
    at: seeded.unit() * 0.9,
    address: home(),
    headers: browser(seeded.pick(BROWSERS), more.locale ?? 'en'),
    device: email,
    formMs: Math.round(seeded.around(28_000, 0.5)),
    plan: null,
    computes: true,
    role: 'person',
    use: seeded.chance(0.7) ? uses(seeded.pick(declared), seeded.int(4, 16)) : null,
    ...more,
  });
  const atHost = (name: string) => `${name}@${seeded.pick(MAIL_HOSTS)}`;
  const ordinary = [
    ...PEOPLE_EN.split(' ').map((name) => person(atHost(name))),
    ...PEOPLE_ZH.split(' ').map((name) => person(atHost(name), { locale: 'zh' })),
  ];
  const house = home();
  const household = ['hanna.reed', 'paul.reed'].map((name, nth) =>
    person(atHost(name), {
      at: 0.4 + nth / 90,
      address: house,
      device: 'a tablet at home',
      headers: browser(BROWSERS[1], 'en'),
    }),
  );
  const office = '192.0.2.40';
  const company = COLLEAGUES.split(' ').map((name, nth) =>
    person(`${name}@${COMPANY.domain}`, {
      at: 0.1 + nth / 100,
      address: office,
      role: nth === 0 ? 'founder' : 'colleague',
      use: nth === 0 ? uses(declared[3] ?? seeded.pick(declared), 60, 30) : null,
    }),
  );
  const inLine = IN_LINE.split(' ').map((name) => person(atHost(name), { plan: PLAN_IN_LINE, use: null }));
  const guests = GUESTS.split(' ').map((name) =>
    person(atHost(name), { plan: PLAN_IN_LINE, role: 'guest', at: 0.5 + seeded.unit() * 0.4 }),
  );
  return [
    ...ordinary,
    ...household,
    ...company,
    ...inLine,
    ...guests,
    ...farmed(apps, person, uses),
    ...troubled(apps, person, uses),
  ];
}

/** A script that takes a mail domain of its own, and comes every few minutes from a handful of rented addresses. */
function farmed(
  apps: readonly DemoApp[],
  person: (email: string, more: Partial<Newcomer>) => Newcomer,
  uses: (app: DemoApp, requestsPerDay: number) => NonNullable<Newcomer['use']>,
): Newcomer[] {
  const [resold] = apps.filter((app) => !app.declared).slice(2, 3);
  return Array.from({ length: FARMED }, (_, nth) =>
    person(`kestrel${140 + nth}@kestrel-post.example`, {
      role: 'farmed',
      at: 0.55 + nth / 400,
      address: `198.51.${100 + (nth % 3)}.${10 + (nth % 6)}`,
      headers: { 'user-agent': 'python-requests/2.32.5', 'accept-language': 'en', accept: '*/*' },
      formMs: 900 + nth,
      computes: nth % 5 === 0,
      use: resold === undefined ? null : { ...uses(resold, 14), part: 'farm', clients: ['python-requests/2.32.5'] },
    }),
  );
}

function browser(agent: string, locale: Newcomer['locale']): Record<string, string> {
  const language = locale === 'zh' ? 'zh-CN,zh;q=0.9' : 'en-GB,en;q=0.8';
  return {
    'user-agent': agent,
    'accept-language': language,
    accept: 'application/json',
    'accept-encoding': 'gzip, br',
  };
}
