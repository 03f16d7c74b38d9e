import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { outboxView } from '../../../src/people/contract.ts';
import { launchBrowser, openContext, watchComplaints } from '../../console/browser.ts';
import { endProcesses } from '../../world/process.ts';
import { plugIn } from './authenticator.ts';
import { PASSWORD, type PortalPlace, startPortal, walkIn } from './portal-place.ts';

const START_MS = 120_000;
const LOOK = { language: 'en', scheme: 'light', width: 'wide' } as const;

let browser: Browser;
let place: PortalPlace;
/** By name: a passkey is made for a name, not for an address in digits. */
let named: PortalPlace;

beforeAll(async () => {
  [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
  named = { ...place, url: place.url.replace('127.0.0.1', 'localhost') };
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await place?.close();
  endProcesses();
}, START_MS);

async function signedUp(email: string): Promise<{ readonly context: BrowserContext; readonly page: Page }> {
  const context = await openContext(browser, LOOK);
  const page = await context.newPage();
  await walkIn(page, named, { language: 'en', email, onStep: () => Promise.resolve() });
  return { context, page };
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'You', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
}

async function typePassword(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel('Mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).last().click();
}

/** The link in the newest mail to this address. */
async function linkFor(email: string): Promise<string> {
  const { data } = outboxView.parse(await (await fetch(`${place.url}/portal/v1/outbox`)).json());
  return data.find(({ to }) => to === email)?.link ?? '';
}

test(
  'a second step is set up, asked for, and opened by a recovery code',
  async () => {
    const email = 'step@example.com';
    const { context, page } = await signedUp(email);
    const complaints = watchComplaints(page);
    await page.goto(`${named.url}/security`);
    await page.getByRole('button', { name: 'Set up an app' }).click();
    const shown = await page.getByRole('figure', { name: 'or type this into the app' }).locator('code').textContent();
    const app = new TOTP({ secret: (shown ?? '').replaceAll(' ', '') });
    await page.getByLabel('Six digits that the app shows now').fill(app.generate());
    await page.getByRole('button', { name: 'Turn on' }).click();
    const kept = page.getByRole('dialog', { name: 'Keep these recovery codes' });
    await kept.waitFor();
    const codes = (await kept.locator('code').textContent())?.split('\n') ?? [];
    expect(codes.length).toBe(10);
    await kept.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes are left').waitFor();
    await signOut(page);
    expect(complaints).toEqual([]);

    await typePassword(page, email, PASSWORD);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByLabel('Code of the app').pressSequentially('000000');
    await page.getByRole('alert').filter({ hasText: 'This code is not right' }).waitFor();
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await page.getByLabel('Recovery code').fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    await page.goto(`${named.url}/security`);
    await page.getByText('9 recovery codes are left').waitFor();
    await context.close();
  },
  START_MS,
);

test(
  'a passkey is added, and signs in alone',
  async () => {
    const { context, page } = await signedUp('passkey@example.com');
    await plugIn(page);
    await page.getByRole('link', { name: /add a passkey/ }).click();
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByText('The passkey is added').waitFor();
    await page.getByText('My Linux').waitFor();
    await signOut(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    await page.goto(`${named.url}/security`);
    await page.getByText('· passkey').waitFor();
    await context.close();
  },
  START_MS,
);

test(
  'a forgotten password is set anew by the link of a mail',
  async () => {
    const email = 'forgot@example.com';
    const { context, page } = await signedUp(email);
    await signOut(page);
    await page.getByRole('link', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Mail address').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    await page.goto(named.url + (await linkFor(email)));
    await page.getByLabel('New password').fill('another quiet evening by the sea');
    await page.getByRole('button', { name: 'Set password' }).click();
    await page.getByText('Your password is set').waitFor();
    await typePassword(page, email, PASSWORD);
    await page.getByRole('alert').filter({ hasText: 'do not belong together' }).waitFor();
    await typePassword(page, email, 'another quiet evening by the sea');
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    await context.close();
  },
  START_MS,
);

test(
  'the link of a sign-up asks another browser for the password',
  async () => {
    const email = 'link@example.com';
    const first = await openContext(browser, LOOK);
    const page = await first.newPage();
    await page.goto(`${named.url}/sign-up`);
    await page.getByLabel('Mail address').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('heading', { name: 'Look into your mail' }).waitFor();
    const second = await openContext(browser, LOOK);
    const other = await second.newPage();
    await other.goto(named.url + (await linkFor(email)));
    await other.getByText('You signed up in another browser').waitFor();
    await other.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await other.getByRole('button', { name: 'Confirm and go on' }).click();
    await other.getByRole('heading', { name: 'Playground' }).waitFor();
    await first.close();
    await second.close();
  },
  START_MS,
);

test(
  'an account that is deleted can be kept after all',
  async () => {
    const { context, page } = await signedUp('leave@example.com');
    await page.goto(`${named.url}/security`);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    const question = page.getByRole('dialog', { name: 'Delete your account?' });
    await question.getByRole('button', { name: 'Delete my account' }).click();
    const notice = page.getByRole('alert').filter({ hasText: 'This account will be deleted on' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Keep my account' }).click();
    await notice.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Delete my account' }).waitFor();
    await context.close();
  },
  START_MS,
);

describe('who cannot compute', () => {
  test(
    'is told so, and waits instead',
    async () => {
      const context = await openContext(browser, LOOK);
      const page = await context.newPage();
      await page.route(/proof-worker/, (route) => route.abort());
      await page.goto(`${named.url}/sign-up`);
      await page.getByLabel('Mail address').fill('waits@example.com');
      const check = page.getByRole('group', { name: 'Check that you are no script' });
      await check.getByText('Waiting does as well').waitFor();
      await check.getByRole('button', { name: 'Wait instead' }).click();
      await check.getByText(/this counts in \d+ seconds/).waitFor();
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Create account' }).click();
      await check.getByText('The form is sent as soon as the check is done').waitFor();
      // The minute that the service asks for is waited through.
      await page.getByRole('heading', { name: 'Look into your mail' }).waitFor({ timeout: 80_000 });
      expect(await place.codeFor('waits@example.com')).toMatch(/^\d{6}$/);
      await context.close();
    },
    START_MS,
  );
});
