import { afterAll, beforeAll, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ownDecisionListView } from '../../../src/portal/redress/contract.ts';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { type Site, startSite } from '../../console/site.ts';
import { pictureFolder, SOME_LOOKS, startWalker, type Walker } from '../../console/walk/lanes.ts';
import { openPortalBrowser, signUpAt } from '../../world/portal-browser.ts';
import { endProcesses } from '../../world/process.ts';
import { PASSWORD, SERVICE_NAME } from './portal-place.ts';

const START_MS = 240_000;
const PAGE_MS = 240_000;
const EMAIL = 'ada.lovelace@example.com';
const WORDS = 'I translate novels, and this was one of them.';
const YAML = `
portal: { enabled: true, name: ${SERVICE_NAME}, mail_outbox: true }
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 3, output_usd_per_million: 15 } }
`;

let browser: Browser;
let site: Site;
let person: Walker;
let stranger: Walker;
let account = '';
let contestUrl = '';
let suspension = '';
const portal = { ask: openPortalBrowser('').ask };

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSite(YAML)]);
  portal.ask = openPortalBrowser(site.url).ask;
  account = await signUpAt(site.url, portal, EMAIL, PASSWORD);
  const made = await portal.ask('POST', `/portal/v1/accounts/${account}/keys`, { name: 'novels' });
  await impose('friction', 'violence', { kind: 'end_user', account_id: account, name: 'reader 7' });
  await impose('warning', 'harassment', { kind: 'key', account_id: account, name: made.body['id'] });
  await impose('suspend', 'threats');
  const refused = await fetch(`${site.url}/v1/models`, {
    headers: { authorization: `Bearer ${made.body['key'] as string}` },
  });
  const { error } = (await refused.json()) as { error: { contest_url: string; decision_id: string } };
  contestUrl = error.contest_url.replace(/^https?:\/\/[^/]+/, site.url);
  suspension = error.decision_id;
  const cookies = await signInByHand();
  const walk = { folder: pictureFolder('standing', join(import.meta.dirname, '../pictures')), service: SERVICE_NAME };
  const names = [SERVICE_NAME, EMAIL, 'ada.lovelace', 'reader 7', 'novels', String(made.body['id'])];
  person = await startWalker(browser, cookies, { ...walk, names, extent: SOME_LOOKS, atOnce: 1 });
  stranger = await startWalker(browser, [], { ...walk, names, extent: SOME_LOOKS });
}, START_MS);

afterAll(async () => {
  await person?.close();
  await stranger?.close();
  await browser?.close();
  await site?.close();
  endProcesses();
}, START_MS);

async function impose(
  step: string,
  conduct: string,
  unit: object = { kind: 'account', account_id: account, name: null },
) {
  const at = new Date().toISOString();
  const body = {
    unit,
    step,
    conduct,
    requests: 12,
    first_at: at,
    last_at: at,
    alternatives: 'a warning was not heeded',
  };
  const made = await site.owner.ask('POST', '/control/v1/enforcement/sanctions', { body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.json));
}

/** As whoever is suspended does it: on the page, with mail address and password. */
async function signInByHand() {
  const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
  const page = await context.newPage();
  await page.goto(`${site.url}/sign-in`);
  await page.getByLabel('Mail address').fill(EMAIL);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('See why, and contest it').waitFor();
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function asPerson(work: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' }, await signInByHand());
  await work(await context.newPage());
  await context.close();
}

test(
  'what is held against somebody, and why, in words',
  async () => {
    expect(await person.visit(`${site.url}/standing`, 'standing-held')).toEqual([]);
    expect(await person.visit(`${site.url}/standing/${suspension}`, 'decision')).toEqual([]);
  },
  PAGE_MS,
);

test(
  'the address of a refusal shows the decision to who is not signed in',
  async () => {
    expect(await stranger.visit(contestUrl, 'contest')).toEqual([]);
  },
  PAGE_MS,
);

test(
  'a warning is confirmed and the suspension contested, with the keyboard alone',
  async () => {
    await asPerson(async (page) => {
      await page.goto(`${site.url}/standing`);
      await page.getByRole('button', { name: 'I have read this' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Noted. Thank you.').waitFor();
      await page.getByRole('link', { name: 'Contest', exact: true }).first().focus();
      await page.keyboard.press('Enter');
      await page.getByLabel('What is wrong with it').focus();
      await page.keyboard.type(WORDS);
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Your appeal' }).waitFor();
      await page.getByText('You get an answer by').first().waitFor();
    });
    expect(await person.visit(`${site.url}/standing/${suspension}`, 'decision-contested')).toEqual([]);
    expect(await stranger.visit(contestUrl, 'contest-filed')).toEqual([]);
  },
  PAGE_MS,
);

test(
  'once it is overturned, nothing is held any more, and the answer stands there',
  async () => {
    const reviewer = await site.invite('trust_safety');
    const { json } = await reviewer.ask('GET', '/control/v1/enforcement/appeals?state=open');
    const [appeal] = (json as { data: { id: string }[] }).data;
    const words = 'We read it again. It is a passage of a published novel.';
    const body = { outcome: 'overturned', reason: 'permitted_use', words, language: 'en' };
    const decided = await reviewer.ask('POST', `/control/v1/enforcement/appeals/${appeal?.id}/decide`, { body });
    expect([decided.status, decided.json]).toMatchObject([200, { state: 'overturned' }]);
    const { data } = ownDecisionListView.parse(
      (await signedIn().ask('GET', `/portal/v1/accounts/${account}/decisions`)).body,
    );
    expect(data.find(({ id }) => id === suspension)?.ended?.how).toBe('reversed');
    expect(await person.visit(`${site.url}/standing/${suspension}`, 'decision-overturned')).toEqual([]);
    expect(await person.visit(`${site.url}/accesses`, 'accesses')).toEqual([]);
  },
  PAGE_MS,
);

let again: ReturnType<typeof openPortalBrowser> | null = null;
function signedIn() {
  again ??= openPortalBrowser(site.url);
  const at = again;
  return {
    async ask(method: string, path: string) {
      await at.ask('POST', '/portal/v1/session', { email: EMAIL, password: PASSWORD });
      return at.ask(method, path);
    },
  };
}
