import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { PAGES } from '../../../portal/pages.ts';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { DAY_AND_NIGHT, pictureFolder, startWalker, type Walker } from '../../console/walk/lanes.ts';
import { barriersOf } from '../../console/walk/page-facts.ts';
import { endProcesses } from '../../world/process.ts';
import { KEY_MS, PASSWORD, type PortalPlace, SERVICE_NAME, startPortal, walkIn, WORDS } from './portal-place.ts';
import { addressOf } from './samples.ts';

const START_MS = 240_000;
/** One that runs out ends the browser and the service, and with them every test after it. */
const PAGE_MS = 300_000;
const PICTURES = join(import.meta.dirname, '../pictures');
const EMAIL = 'ada.lovelace@example.com';
const WORKSPACE = 'Analytical Engines';

let browser: Browser;
let place: PortalPlace;
let stranger: Walker;
let person: Walker;
let requestId = '';
let workspaceId = '';

beforeAll(async () => {
  [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
  const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
  const page = await context.newPage();
  page.on('response', (response) => {
    if (response.url().endsWith('/v1/chat/completions')) requestId = response.headers()['x-request-id'] ?? '';
  });
  await walkIn(page, place, { language: 'en', email: EMAIL, onStep: () => Promise.resolve() });
  workspaceId = await page.evaluate(makeWorkspace, WORKSPACE);
  const cookies = await context.cookies();
  await context.close();
  const walk = {
    folder: pictureFolder('pages', PICTURES),
    names: [SERVICE_NAME, WORKSPACE, EMAIL, 'ada.lovelace'],
    service: SERVICE_NAME,
    extent: DAY_AND_NIGHT,
  };
  stranger = await startWalker(browser, [], walk);
  person = await startWalker(browser, cookies, { ...walk, atOnce: 1 });
}, START_MS);

afterAll(async () => {
  await stranger?.close();
  await person?.close();
  await browser?.close();
  await place?.close();
  endProcesses();
}, START_MS);

/** Runs in the page of somebody who is signed in; gives the id of the workspace. */
async function makeWorkspace(name: string): Promise<string> {
  const { csrf } = (await (await fetch('/portal/v1/session')).json()) as { csrf: string };
  const headers = { 'content-type': 'application/json', 'x-candor-csrf': csrf };
  const made = await fetch('/portal/v1/workspaces', { method: 'POST', headers, body: JSON.stringify({ name }) });
  return ((await made.json()) as { id: string }).id;
}

function nameOf(path: string): string {
  return path === '/' ? 'landing' : path.replace(/^\//, '').replaceAll(/[/$]+/g, '-');
}

/** Nothing is held against whoever walks here, so these are opened for what nobody has; `standing.test.ts` fills them. */
const OF_NOBODY: ReadonlySet<string> = new Set(['/standing/$id', '/contest/$token']);

describe('every page: in English on a wide window, in Chinese on a phone, each light and dark', () => {
  test.each(PAGES.map(({ path }) => path))(
    '%s',
    async (path) => {
      const entry = PAGES.find((page) => page.path === path);
      const who = entry?.access === 'anybody' ? stranger : person;
      const account = entry?.kind === 'workspace' ? `?account=${workspaceId}` : '';
      const complaints = await who.visit(place.url + addressOf(path, { requestId }) + account, nameOf(path));
      expect(complaints.filter((one) => !OF_NOBODY.has(path) || !one.includes('status of 404'))).toEqual([]);
    },
    PAGE_MS,
  );

  test(
    'what is not there',
    async () => {
      expect(await stranger.visit(`${place.url}/nothing/here`, 'not-found')).toEqual([]);
    },
    PAGE_MS,
  );
});

describe('what a page shows once somebody acts', () => {
  test(
    'the code of a mail, and the second step',
    async () => {
      const context = await openContext(browser, { language: 'zh', scheme: 'dark', width: 'phone' });
      const page = await context.newPage();
      const words = WORDS.zh;
      await page.goto(`${place.url}/sign-up`);
      await page.getByLabel(words.email).pressSequentially('grace@example.com', { delay: KEY_MS });
      await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: words.submit }).click();
      await page.getByRole('heading', { name: words.check }).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.screenshot({ path: join(PICTURES, 'pages/check-mail-code-zh-dark-phone.png') });
      await page.getByLabel(words.code).fill(await place.codeFor('grace@example.com'));
      await page.getByLabel(words.ask).waitFor();
      await page.goto(`${place.url}/security`);
      await page.getByRole('button', { name: '设置应用' }).click();
      await page.getByRole('img', { name: '用于身份验证器应用的二维码' }).waitFor();
      expect(await barriersOf(page)).toEqual([]);
      await page.screenshot({ path: join(PICTURES, 'pages/security-app-zh-dark-phone.png'), fullPage: true });
      await context.close();
    },
    PAGE_MS,
  );
});
