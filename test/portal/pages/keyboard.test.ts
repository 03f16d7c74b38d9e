import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { endProcesses } from '../../world/process.ts';
import { PASSWORD, type PortalPlace, startPortal, WORDS } from './portal-place.ts';

const START_MS = 120_000;
const TABS_MAX = 40;

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

/** The name of what has the focus, as it is heard. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return '';
    const labels = 'labels' in element ? [...((element.labels as NodeListOf<HTMLElement> | null) ?? [])] : [];
    const label = labels.map(({ textContent }) => textContent).join(' ');
    return element.getAttribute('aria-label') ?? (label === '' ? (element.textContent ?? '').trim() : label);
  });
}

/** Presses Tab until this has the focus; fails when it never does. */
async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = [];
  for (let presses = 0; presses < TABS_MAX; presses++) {
    const now = await focused(page);
    if (now === name) return;
    passed.push(now);
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${name}, but to ${passed.join(' | ')}`);
}

/** Waits until what a page begins with has the focus. */
async function begins(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.activeElement?.getAttribute('aria-label') === wanted ||
      (document.activeElement instanceof HTMLInputElement &&
        [...(document.activeElement.labels ?? [])].some(({ textContent }) => textContent === wanted)),
    name,
  );
}

describe.each(['en', 'zh'] as const)('with the keyboard alone, in %s', (language) => {
  const words = WORDS[language];

  test(
    'somebody signs up and gets an answer',
    async () => {
      const context = await openContext(browser, { language, scheme: 'dark', width: 'wide' });
      const page = await context.newPage();
      const email = `keys.${language}@example.com`;
      await page.goto(place.url);
      await page.getByRole('link', { name: words.create }).waitFor();
      await tabTo(page, words.create);
      await page.keyboard.press('Enter');
      await begins(page, words.email);
      await page.keyboard.type(email);
      await tabTo(page, words.password);
      await page.keyboard.type(PASSWORD);
      await tabTo(
        page,
        language === 'en'
          ? 'I use this service lawfully and keep my keys to myself'
          : '我将合法使用本服务，并妥善保管自己的密钥',
      );
      await page.keyboard.press('Space');
      await tabTo(page, words.submit);
      await page.keyboard.press('Enter');
      await begins(page, words.code);
      await page.keyboard.type(await place.codeFor(email));
      await begins(page, words.ask);
      await page.keyboard.type(words.question);
      await page.keyboard.press('Enter');
      await page.getByText(words.answered).waitFor();
      // The receipt of the answer is reached, opened and left without a mouse, too.
      for (let presses = 0; presses < TABS_MAX && (await focused(page)) !== words.receipt; presses++) {
        await page.keyboard.press('Shift+Tab');
      }
      expect(await focused(page)).toBe(words.receipt);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog', { name: words.receipt }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await context.close();
    },
    START_MS,
  );
});

test(
  'the first stop of every page skips to its content, and a form with something wrong leads to the field',
  async () => {
    const context = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
    const page = await context.newPage();
    await page.goto(`${place.url}/outbox`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
    await page.goto(`${place.url}/sign-up`);
    await begins(page, WORDS.en.email);
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Enter');
    await begins(page, WORDS.en.password);
    const field = page.getByLabel(WORDS.en.password, { exact: true }).and(page.locator('[aria-invalid="true"]'));
    await field.waitFor();
    const told = await field.getAttribute('aria-describedby');
    const error = page.locator(
      (told ?? '')
        .split(' ')
        .map((id) => `[id="${id}"]`)
        .join(', '),
    );
    expect((await error.allTextContents()).join(' ')).toContain('Too short');
    await context.close();
  },
  START_MS,
);
