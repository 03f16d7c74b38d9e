import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { endProcesses } from '../../world/process.ts';
import { launchBrowser, openContext } from '../browser.ts';
import { type Cookies, cookiesOf, type Site, startSite } from '../site.ts';
import { DAY_AND_NIGHT, pictureFolder, startWalker, type Walker } from './lanes.ts';

const START_MS = 240_000;
const PAGE_MS = 240_000;
const SAID = 'I translate novels, and this was one of them.';
const YAML = `
portal: { enabled: true, mail_outbox: true }
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 3, output_usd_per_million: 15 } }
`;

let browser: Browser;
let site: Site;
let cookies: Cookies;
let walker: Walker;
let appeal = '';

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSite(YAML)]);
  const account = await make('/control/v1/accounts', { name: 'North Books' });
  const { key } = await make('/control/v1/keys', { account_id: account['id'], name: 'novels' });
  const at = new Date().toISOString();
  const unit = { kind: 'account', account_id: account['id'], name: null };
  const facts = {
    conduct: 'threats',
    requests: 12,
    first_at: at,
    last_at: at,
    alternatives: 'a warning was not heeded',
  };
  await make('/control/v1/enforcement/sanctions', { unit, step: 'suspend', ...facts });
  const refused = await fetch(`${site.url}/v1/models`, { headers: { authorization: `Bearer ${key as string}` } });
  const { error } = (await refused.json()) as { error: { contest_url: string } };
  const token = error.contest_url.split('/').at(-1);
  await fetch(`${site.url}/portal/v1/contest/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ language: 'en', text: SAID }),
  });
  const reviewer = await site.invite('trust_safety');
  const { json } = await reviewer.ask('GET', '/control/v1/enforcement/appeals?state=open');
  appeal = (json as { data: { id: string }[] }).data[0]?.id ?? '';
  cookies = cookiesOf(site.console, reviewer);
  const names = ['North Books', 'Ada Lovelace', 'Radia Perlman', 'a warning was not heeded'];
  walker = await startWalker(browser, cookies, { folder: pictureFolder('appeals'), names, extent: DAY_AND_NIGHT });
}, START_MS);

afterAll(async () => {
  await walker?.close();
  await browser?.close();
  await site?.close();
  endProcesses();
}, START_MS);

async function make(path: string, body: object): Promise<Record<string, unknown>> {
  const made = await site.owner.ask('POST', path, { body });
  if (made.status !== 201) throw new Error(`${path}: ${made.text}`);
  return made.json as Record<string, unknown>;
}

test(
  'who waits for an answer, and one of them with what the decision rested on',
  async () => {
    expect(await walker.visit(`${site.console}/enforcement/appeals`, 'queue')).toEqual([]);
    expect(await walker.visit(`${site.console}/enforcement/appeals/${appeal}`, 'open')).toEqual([]);
  },
  PAGE_MS,
);

test(
  'whoever decided is told that somebody else answers, and has nothing to answer with',
  async () => {
    const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' }, site.cookies);
    const page = await context.newPage();
    await page.goto(`${site.console}/enforcement/appeals/${appeal}`);
    await page.getByText('Somebody else reviews this.').waitFor();
    expect(await page.getByRole('button', { name: 'Send the answer' }).count()).toBe(0);
    await context.close();
  },
  PAGE_MS,
);

test(
  'an appeal is overturned after it was seen what that does, and made good',
  async () => {
    const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' }, cookies);
    const page = await context.newPage();
    await page.goto(`${site.console}/enforcement/appeals/${appeal}`);
    await page.getByRole('button', { name: 'Review this' }).click();
    await page.getByText('With Radia Perlman').waitFor();
    await page.getByLabel('It was wrong: undo all of it').check();
    await page.getByText('1 sanction ends as wrong: Suspension').waitFor();
    await page.getByText('1 stop is lifted').waitFor();
    await page.getByRole('combobox', { name: 'Why' }).click();
    await page.getByRole('option', { name: 'A use that is permitted' }).click();
    await page.getByLabel('Your words to the person').fill('It is a passage of a published novel.');
    await page.screenshot({ path: `${pictureFolder('appeals-deciding')}/deciding.png`, fullPage: true });
    await page.getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send the answer' }).click();
    await page.getByRole('heading', { name: 'Making good' }).waitFor();
    await context.close();
    expect(await walker.visit(`${site.console}/enforcement/appeals/${appeal}`, 'overturned')).toEqual([]);
    expect(await walker.visit(`${site.console}/enforcement/appeals?state=answered`, 'answered')).toEqual([]);
  },
  PAGE_MS,
);
