import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { endProcesses } from '../../world/process.ts';
import { plugIn } from './authenticator.ts';
import { PASSWORD, type PortalPlace, startPortal, WORDS } from './portal-place.ts';

const START_MS = 120_000;
const EMAIL = 'ada@example.com';

let browser: Browser;
let place: PortalPlace;

beforeAll(async () => {
  [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await place?.close();
  endProcesses();
}, START_MS);

async function signUp(page: Page, url: string): Promise<void> {
  const words = WORDS.en;
  await page.goto(`${url}/sign-up`);
  await page.getByLabel(words.email).fill(EMAIL);
  await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: words.submit }).click();
  await page.getByRole('heading', { name: words.check }).waitFor();
  await page.getByLabel(words.code).pressSequentially(await place.codeFor(EMAIL));
  await page.getByRole('heading', { name: words.playground }).waitFor();
}

test(
  'a real browser makes a passkey, and signs in with it and nothing else',
  async () => {
    // Browsers know no passkeys at an address without a name.
    const url = place.url.replace('127.0.0.1', 'localhost');
    const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
    const page = await context.newPage();
    await plugIn(page);
    await signUp(page, url);
    await page.goto(`${url}/security`);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('not used yet').waitFor();
    await context.clearCookies();
    await page.goto(`${url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL((address) => address.pathname !== '/sign-in');
    const answer = await page.evaluate(async () => {
      const [session, sessions] = await Promise.all([fetch('/portal/v1/session'), fetch('/portal/v1/sessions')]);
      return { session: await session.json(), sessions: await sessions.json() };
    });
    expect(answer).toMatchObject({ session: { state: 'signed_in', person: { email: EMAIL } } });
    expect(answer).toMatchObject({
      sessions: { data: [{ current: true, method: 'passkey' }, { method: 'verified_mail' }] },
    });
    await context.close();
  },
  START_MS,
);
