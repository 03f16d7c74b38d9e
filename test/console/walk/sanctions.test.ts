import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { sanctionListView } from '../../../src/enforcement/sanctions/contract.ts';
import { goTo, launchBrowser, openContext, watchComplaints } from '../browser.ts';
import { type Site, startSite } from '../site.ts';
import { barriersOf } from './page-facts.ts';

const START_MS = 120_000;
const WORDS = {
  en: {
    impose: 'Impose',
    why: 'Why nothing milder',
    notice: 'This is a warning about your account.',
    reason: 'Why',
    lift: 'Lift',
    none: 'No sanctions',
  },
  zh: {
    impose: '实施处置',
    why: '为何不采取更轻的措施',
    notice: '这是关于你的账户的警告',
    reason: '原因',
    lift: '解除',
    none: '没有处置',
  },
} as const;

let browser: Browser;
let site: Site;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSite()]);
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await site?.close();
}, START_MS);

const listed = async (state: string) =>
  sanctionListView.parse((await site.owner.ask('GET', `/control/v1/enforcement/sanctions?state=${state}`)).json).data;

test.each(['en', 'zh'] as const)(
  'somebody reads what a person would, imposes it, and lifts it again (%s)',
  async (language) => {
    const words = WORDS[language];
    const name = `Somebody ${language}`;
    await site.owner.ask('POST', '/control/v1/accounts', { body: { name } });
    const context = await openContext(browser, { language, scheme: 'light', width: 'wide' }, site.cookies);
    const page = await context.newPage();
    const complaints = watchComplaints(page);
    await goTo(page, `${site.console}/enforcement/sanctions`);
    await page.getByText(words.none).waitFor();
    await page.getByRole('button', { name: words.impose }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('input').first().click();
    await page.keyboard.type(name);
    await page.getByRole('option', { name }).click();
    await dialog.getByLabel(words.why).fill('A notice was not heeded.');
    await dialog.getByText(words.notice).waitFor();
    expect(await barriersOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: words.impose }).click();
    await page.getByRole('link', { name }).waitFor();
    expect(await listed('in_force')).toMatchObject([{ step: 'warning', conduct: 'circumvention' }]);
    await page.getByRole('button', { name: words.lift }).click();
    await dialog.getByLabel(words.reason).fill('Settled by telephone.');
    await dialog.getByRole('button', { name: words.lift }).click();
    await page.getByText(words.none).waitFor();
    expect(await listed('in_force')).toEqual([]);
    expect(await listed('over')).toMatchObject([
      { state: 'lifted' },
      ...(language === 'en' ? [] : [{ state: 'lifted' }]),
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  },
  START_MS,
);
