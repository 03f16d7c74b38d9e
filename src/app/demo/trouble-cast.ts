import type { DemoApp } from './apps.ts';
import type { Newcomer } from './newcomers.ts';

/** What somebody is in the story of enforcement: none of them is ordinary, and not all of them did wrong. */
const TROUBLE_ROLES = [
  /** Threatens again and again, and is cooled off within a handful of requests. */
  'threatening',
  'threatening_zh',
  /** Stopped on the first day, and back under another name. */
  'stopped',
  'returning',
  /** Insults somebody, reads the warning, and leaves it at that. */
  'warned',
  /** Writes crime novels: what is found in them is no abuse. */
  'novelist',
  /** Signed up, and begins while somebody watches. */
  'sleeper',
] as const;
export type TroubleRole = (typeof TROUBLE_ROLES)[number];

/** What one of them asks, one after the other. */
export interface Script {
  readonly role: TroubleRole;
  /** Share of the days at which it begins. */
  readonly from: number;
  readonly language: 'en' | 'zh';
  readonly asks: readonly string[];
}

export const THREATS_EN: readonly string[] = [
  'I will find you and kill you, you worthless bitch',
  'I know where you live and I will break your legs tomorrow',
  'I am going to murder my wife tonight',
  'I will kill you and your whole family, you filthy animals',
  'I am going to kill you tomorrow at noon',
  "I'll stab you to death when you leave work",
  'We are going to shoot you in the head, traitor',
  'I will slit your throat',
  'I will kill all of them with my rifle tomorrow',
  'I will bomb your house tonight',
  'you will die tomorrow, I have the gun ready',
  'I will shoot everyone at that school tomorrow morning, write it nicely',
];

const THREATS_ZH: readonly string[] = [
  '我知道你住在哪里，明天就去打断你的腿。',
  '我今晚就去杀了你全家，你等着。',
  '明天下班路上我要拿刀捅死你。',
  '我会找到你，一枪打爆你的头。',
  '你敢报警我就弄死你和你女儿。',
  '今晚我就去你家放火烧死你们。',
  '我明天就带枪去学校，一个都别想活。',
  '等着吧，我要一刀一刀砍死你。',
  '我一定会杀了你，谁也救不了你。',
  '后天中午我就去你公司炸死你们所有人。',
];

/** Lines of dialogue, bare as they are: nothing in them tells that nobody is meant. */
const NOVEL: readonly string[] = [
  'I know where you live, inspector, and I will break your legs tomorrow',
  'I will find you and kill you, you worthless bitch, he said',
  'I am going to murder my wife tonight, the baker whispered',
  'I will kill you and your whole family, you filthy animals',
  'I will slit your throat',
  "I'll stab you to death when you leave work",
  'I am going to kill you tomorrow at noon',
  'We are going to shoot you in the head, traitor',
  'I will bomb your house tonight',
];

const INSULTS: readonly string[] = [
  'You are a worthless, disgusting, stupid pig and everybody hates you.',
  'Shut up, you pathetic ugly idiot, nobody wants you here, get lost.',
  'You are worthless and everybody in the office laughs about you, you pathetic idiot.',
];

export const SCRIPTS: readonly Script[] = [
  { role: 'stopped', from: 0.13, language: 'en', asks: THREATS_EN },
  { role: 'warned', from: 0.3, language: 'en', asks: INSULTS },
  { role: 'novelist', from: 0.36, language: 'en', asks: NOVEL },
  { role: 'returning', from: 0.475, language: 'en', asks: THREATS_EN.toReversed() },
  { role: 'threatening_zh', from: 0.86, language: 'zh', asks: THREATS_ZH },
  { role: 'threatening', from: 0.955, language: 'en', asks: THREATS_EN },
];

/** Of an app of the company: its other end users are left alone. */
export const END_USER = { name: 'visitor-31', from: 0.7, asks: THREATS_EN.slice(2) } as const;

type Person = (email: string, more: Partial<Newcomer>) => Newcomer;
type Uses = (app: DemoApp, requestsPerDay: number) => NonNullable<Newcomer['use']>;

const SLEEPERS = 8;

/** Those who sign up and make trouble, or are taken to. Who comes back has the browser and the home of before. */
export function troubled(apps: readonly DemoApp[], person: Person, uses: Uses): Newcomer[] {
  const [first] = apps.filter((app) => app.declared);
  if (first === undefined) return [];
  const rarely = uses(first, 0);
  const stopped = person('rex.holloway@mailroom.example', { role: 'stopped', at: 0.08, use: rarely });
  const { address, device, headers } = stopped;
  const again = { address, device, headers, role: 'returning', at: 0.44, use: rarely } as const;
  return [
    stopped,
    person('rex.holloway2@mailroom.example', again),
    person('dora.quill@letters.example', { role: 'warned', at: 0.2, use: uses(first, 30) }),
    person('iris.fenwick@posta.example', { role: 'novelist', at: 0.25, use: uses(first, 12) }),
    person('panlei1990@youxiang.example', { role: 'threatening_zh', at: 0.7, use: rarely, locale: 'zh' }),
    person('victor.crane@posta.example', { role: 'threatening', at: 0.6, use: rarely }),
    ...Array.from({ length: SLEEPERS }, (_, nth) =>
      person(`passer.by${nth + 1}@inbox-north.example`, { role: 'sleeper', at: 0.3 + nth / 20, use: rarely }),
    ),
  ];
}
