import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { endProcesses } from '../../world/process.ts';
import { PASSWORD, type PortalPlace, SERVICE_NAME, startPortal } from './portal-place.ts';

const START_MS = 120_000;

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

/** What stands in the page as it is heard: roles and names, from top to bottom. */
function heard(page: Page): Promise<string> {
  return page.locator('body').ariaSnapshot();
}

/** The path of docs/accessibility.md, step by step; nothing is found by how it looks. */
test(
  'who listens finds every step by its role and its name, and is told what happens',
  async () => {
    const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
    const page = await context.newPage();

    await page.goto(place.url);
    const create = page.getByRole('main').getByRole('link', { name: 'Create an account' });
    await create.waitFor();
    expect(await page.title()).toBe(`Welcome · ${SERVICE_NAME}`);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await heard(page)).toContain('Sign-ups are open');
    for (const landmark of ['banner', 'main', 'contentinfo'] as const) {
      expect([landmark, await page.getByRole(landmark).count()]).toEqual([landmark, 1]);
    }

    await create.press('Enter');
    const email = page.getByRole('textbox', { name: 'Mail address' });
    await email.waitFor();
    expect(await page.title()).toBe(`Sign up · ${SERVICE_NAME}`);
    const status = page.getByRole('group', { name: 'Check that you are no script' }).getByRole('status');
    expect(await status.textContent()).toContain('checks by itself');
    await email.fill('ear@example.com');
    await status.filter({ hasText: 'Checked: you are no script.' }).waitFor();
    const password = page.getByRole('textbox', { name: 'Password' });
    await password.fill('a blue ket');
    await page.getByRole('status').filter({ hasText: 'Strength of the password: Fair' }).waitFor({ state: 'attached' });
    await password.fill(PASSWORD);
    await page
      .getByRole('status')
      .filter({ hasText: 'Strength of the password: Strong' })
      .waitFor({ state: 'attached' });
    await page.getByRole('checkbox', { name: 'I use this service lawfully' }).check();
    await page.getByRole('button', { name: 'Create account' }).press('Enter');

    const code = page.getByRole('textbox', { name: 'Code of 6 digits' });
    await code.waitFor();
    expect(await page.title()).toBe(`Look into your mail · ${SERVICE_NAME}`);
    expect(await code.getAttribute('autocomplete')).toBe('one-time-code');
    await code.pressSequentially('000000');
    await page.getByRole('alert').filter({ hasText: 'This code is not right' }).waitFor();
    await code.pressSequentially(await place.codeFor('ear@example.com'));

    const question = page.getByRole('textbox', { name: 'Your question' });
    await question.waitFor();
    expect(await page.title()).toBe(`Playground · ${SERVICE_NAME}`);
    expect(await page.getByRole('navigation', { name: 'Navigation' }).count()).toBe(1);
    await question.fill('What is a token?');
    await page.getByRole('button', { name: 'Send' }).press('Enter');
    const log = page.getByRole('region', { name: 'Conversation' }).getByRole('log');
    const answer = log.getByRole('article').last();
    await answer.getByRole('button', { name: 'Receipt' }).waitFor();
    // It is heard whole: while it was written it was busy.
    expect(await answer.getAttribute('aria-busy')).toBe('false');
    expect(await answer.textContent()).toMatch(/in, .* out.*Answered in .* for \$/);
    await context.close();
  },
  START_MS,
);
