/** The story of a rule: written, corrected, tried on what happened, put in force, and looked back at. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { backtestTexts } from '../../../console/pages/rules/backtest-texts.ts';
import { editorTexts } from '../../../console/pages/rules/editor-texts.ts';
import { rulesTexts } from '../../../console/pages/rules/rules-texts.ts';
import { goTo, launchBrowser, openContext, watchComplaints } from '../browser.ts';
import { createdKeyView } from '../../../src/accounts/contract.ts';
import { monitorStatus } from '../../../src/metering/explore/contract.ts';
import { type Site, startSite } from '../site.ts';

const TEST_MS = 180_000;
const REQUESTS = 12;

let site: Site;
let browser: Browser;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSite()]);
  const made = await site.owner.ask('POST', '/control/v1/keys', { body: { product: 'api', app: 'shop' } });
  const { key } = createdKeyView.parse(made.json);
  for (let nth = 0; nth < REQUESTS; nth++) await ask(key);
  await monitorHas(REQUESTS);
}, TEST_MS);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function ask(key: string): Promise<void> {
  const body = JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello' }] });
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  await (await fetch(`${site.url}/v1/chat/completions`, { method: 'POST', headers, body })).text();
}

async function monitorHas(events: number): Promise<void> {
  for (;;) {
    const status = monitorStatus.parse((await site.owner.ask('GET', '/control/v1/usage/status')).json);
    if (status.state === 'fresh' && status.events >= events) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function inBrowser(language: 'en' | 'zh', tell: (page: Page) => Promise<void>): Promise<void> {
  const context = await openContext(browser, { language, scheme: 'light', width: 'wide' }, site.cookies);
  const page = await context.newPage();
  const complaints = watchComplaints(page);
  try {
    await tell(page);
    expect(complaints).toEqual([]);
  } finally {
    await context.close();
  }
}

async function rename(page: Page, label: string, name: string): Promise<void> {
  const rest = page.getByRole('textbox', { name: label, exact: true });
  const document = JSON.parse(await rest.inputValue()) as object;
  await rest.fill(JSON.stringify({ ...document, name }));
}

for (const language of ['en', 'zh'] as const) {
  const editor = editorTexts[language];
  const rules = rulesTexts[language];
  const backtest = backtestTexts[language];
  const name = `story-${language}`;

  test(
    `from a first draft to force, in ${language}`,
    () =>
      inBrowser(language, async (page) => {
        await goTo(page, `${site.console}/enforcement/rules`);
        await page.getByRole('link', { name: rules.new_rule }).click();
        const when = page.getByRole('textbox', { name: editor.when, exact: true });
        await when.fill("status >= 400 &&\n  verdct == 'refused'");
        await page.getByText('verdict').first().waitFor();
        await page.getByRole('button', { name: editor.show_place }).click();
        const chosen = await when.evaluate((field: HTMLTextAreaElement) =>
          field.value.slice(field.selectionStart, field.selectionEnd),
        );
        expect(chosen).toBe('verdct');
        expect(await page.getByRole('button', { name: editor.save, exact: true }).isDisabled()).toBe(true);

        await when.fill('count.refused >= 8 || status >= 100');
        await rename(page, editor.rest, name);
        await page.getByText(editor.good).waitFor();
        await page.getByRole('tab', { name: rules.tab_try }).click();
        await page.getByRole('button', { name: backtest.start, exact: true }).click();
        await page.getByText(backtest.against_none).waitFor();
        expect(await page.getByRole('group', { name: backtest.hits, exact: true }).innerText()).toMatch(/[1-9]/);

        await page.getByRole('tab', { name: rules.tab_rule }).click();
        await page.getByLabel(editor.save_note).fill('a first try');
        await page.getByRole('button', { name: editor.save, exact: true }).click();
        await page.waitForURL(`**/enforcement/rules/${name}`);
        await page.getByText(rules.mode_shadow_note).waitFor();

        await page.getByRole('combobox', { name: rules.mode, exact: true }).click();
        await page.getByRole('option', { name: rules.mode_live, exact: true }).click();
        await page.getByLabel(rules.mode_why).fill('it hits what it should');
        await page.getByRole('button', { name: rules.set_mode }).click();
        await page.getByText(rules.mode_live_note).waitFor();
        await page.getByRole('tab', { name: rules.tab_history, exact: true }).click();
        await page.getByText('it hits what it should').first().waitFor();
        await page.getByText('a first try').first().waitFor();
      }),
    TEST_MS,
  );
}
