import type { Browser, Page } from 'playwright-core';
import type { Language } from '../../../console/locales/define-texts.ts';
import { openContext, watchComplaints } from '../../console/browser.ts';
import type { Cookies } from '../../console/site.ts';
import { type Person, personAt } from './person.ts';
import { type Refused, type Script, startScript } from './script.ts';
import { type Staff, staffAt } from './staff.ts';
import type { StoryPlace } from './story-place.ts';

/** One story: somebody threatens, is stopped, contests it, and is found right. */
export interface Story {
  readonly language: Language;
  readonly scheme: 'light' | 'dark';
  /** Where the appeal comes from: Standing, or the address in a refusal, without signing in. */
  readonly by: 'portal' | 'address';
  /** Hears of each page once it shows what it is about. */
  readonly onPage: (name: string, page: Page) => Promise<void>;
}

/** Whoever takes part in a story. */
interface Cast {
  readonly person: Person;
  readonly first: Staff;
  readonly second: Staff;
  /** What the browsers complained of. */
  readonly complaints: () => readonly string[];
  close(): Promise<void>;
}

export const EMAIL = 'rosalind@example.com';
const CONDUCT = 'threats';
/** Between the second threat and the third, so that the ladder is climbed step by step. */
const HARMLESS = 10;

const WORDS = {
  en: {
    harmless: 'What is a good first line?',
    read: 'The figures do not tell whether it is fiction',
    why: 'Four threats against different people, after a warning',
    alternatives: 'A pause was in force and did not stop it',
    contest: 'These are lines of my crime novel. The murderer says them; nobody real is meant.',
    answer: 'You showed us the chapters. These are lines of a character, and nobody real is meant. We are sorry.',
  },
  zh: {
    harmless: '怎样写好小说的第一句话？',
    read: '仅凭数据无法判断是否为虚构创作',
    why: '警告之后仍四次威胁不同的人',
    alternatives: '曾暂停使用，但未能制止',
    contest: '这些是我的推理小说中凶手的台词，没有针对任何真实的人。',
    answer: '我们看过你提供的章节：这些是小说人物的台词，没有针对任何真实的人。我们对此深表歉意。',
  },
} as const;

export async function gather(browser: Browser, place: StoryPlace, { language, scheme }: Story): Promise<Cast> {
  const complaints: string[][] = [];
  const contexts = await Promise.all(
    ([[], place.reviewers.first, place.reviewers.second] satisfies Cookies[]).map((cookies) =>
      openContext(browser, { language, scheme, width: 'wide' }, cookies),
    ),
  );
  const [own, first, second] = await Promise.all(contexts.map((context) => context.newPage()));
  if (own === undefined || first === undefined || second === undefined) throw new Error('everybody has a page');
  for (const page of [own, first, second]) complaints.push(watchComplaints(page));
  return {
    person: personAt(own, place, EMAIL, language),
    first: staffAt(first, place, language),
    second: staffAt(second, place, language),
    complaints: () => complaints.flat(),
    close: async () => void (await Promise.all(contexts.map((context) => context.close()))),
  };
}

/** What the person's requests led to. */
interface Misbehaved {
  readonly accountId: string;
  readonly script: Script;
  /** Of the throttle. */
  readonly requestsPerMinute: string | null;
  readonly refused: Refused;
}

/** Signs up, makes a key and threatens people with it, until it is stopped: one step of the ladder after the other. */
export async function misbehave({ person }: Cast, place: StoryPlace, { language, onPage }: Story): Promise<Misbehaved> {
  const accountId = await person.signUp();
  const script = startScript(place, await person.makeKey(), accountId, language);
  await place.giveCredit(accountId);
  await script.threatenUntil('warning');
  await person.seeHeld('warning', CONDUCT);
  await onPage('warning', person.page);
  await person.acknowledge();
  await script.threatenUntil('friction');
  await script.askHarmless(HARMLESS);
  await script.threatenUntil('throttle');
  const { requestsPerMinute } = await script.ask(WORDS[language].harmless);
  await person.seeHeld('throttle', CONDUCT);
  await onPage('throttle', person.page);
  await script.threatenUntil('restrict');
  return { accountId, script, requestsPerMinute, refused: await script.refused() };
}

/** The first reviewer finds the case, reads what must be read, confirms it and suspends the account. */
export async function confirmCase(
  { first }: Cast,
  { script, accountId }: Misbehaved,
  { language, onPage }: Story,
): Promise<{ readonly shownBefore: boolean; readonly shownAfter: boolean }> {
  const { read, why, alternatives } = WORDS[language];
  const newest = script.threats.at(-1) ?? '';
  await first.openQueue();
  await onPage('queue', first.page);
  await first.openCase(CONDUCT);
  await onPage('case', first.page);
  const shownBefore = await first.isWritten(newest);
  await first.reveal(read);
  const shownAfter = await first.isWritten(newest);
  await onPage('case-read', first.page);
  await first.confirm('suspend', { reason: why, alternatives });
  await first.openEntity(accountId, 'suspend', CONDUCT);
  await onPage('entity', first.page);
  return { shownBefore, shownAfter };
}

/** Reads what was decided and why, and contests it; gives the decision. */
export async function contest(
  { person }: Cast,
  { script }: Misbehaved,
  { language, by, onPage }: Story,
): Promise<Refused> {
  const refused = await script.refused();
  if (by === 'address') await person.openContest(refused.contestPath);
  else {
    await person.signIn();
    await person.seeHeld('suspend', CONDUCT);
    await onPage('suspended', person.page);
    await person.readDecision('suspend', CONDUCT);
  }
  await onPage('decision', person.page);
  await person.contest(WORDS[language].contest);
  await onPage('contested', person.page);
  return refused;
}

/** The first reviewer is not let; the second one overturns it, and sees before what that makes good. */
export async function overturn(
  { first, second }: Cast,
  { language, onPage }: Story,
): Promise<{ readonly firstIsBarred: boolean; readonly foreseen: readonly string[] }> {
  await first.openAppeal('suspend');
  const firstIsBarred = await first.isBarred();
  await onPage('appeal-barred', first.page);
  await second.openAppeal('suspend');
  const foreseen = await second.overturn(WORDS[language].answer);
  await onPage('appeal', second.page);
  await second.sendAnswer();
  await onPage('appeal-answered', second.page);
  return { firstIsBarred, foreseen };
}

/** The person finds that it is over: at the address of the refusal, or signed in, and on Standing. */
export async function findFree(
  { person }: Cast,
  refused: Refused,
  { language, by, onPage }: Story,
): Promise<{ readonly isTold: boolean }> {
  if (by === 'address') {
    await person.openContest(refused.contestPath);
    await onPage('answered', person.page);
    await person.signIn();
  }
  await person.seeFree();
  await onPage('free', person.page);
  await person.readAnswer();
  await onPage('answer', person.page);
  return { isTold: await person.isTold(WORDS[language].answer) };
}
