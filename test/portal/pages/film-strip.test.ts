import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser, openContext, watchComplaints } from '../../console/browser.ts';
import { endProcesses } from '../../world/process.ts';
import { type PortalPlace, startPortal, walkIn } from './portal-place.ts';

const START_MS = 120_000;
/** What a person is promised, from the first page to the first answer. */
const FIRST_ANSWER_MS_MAX = 60_000;
const PICTURES = join(import.meta.dirname, '../pictures/film-strip');

let browser: Browser;
let place: PortalPlace;

beforeAll(async () => {
  mkdirSync(PICTURES, { recursive: true });
  [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
}, START_MS);

afterAll(async () => {
  await browser?.close();
  await place?.close();
  endProcesses();
}, START_MS);

test.each(['en', 'zh'] as const)(
  'a person has their first answer within a minute of seeing the first page, in %s',
  async (language) => {
    const context = await openContext(browser, { language, scheme: 'light', width: 'wide' });
    const page = await context.newPage();
    const complaints = watchComplaints(page);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    const started = performance.now();
    const times: string[] = [];
    let lastMs = 0;
    await walkIn(page, place, {
      language,
      email: `ada.${language}@example.com`,
      onStep: async (step) => {
        lastMs = performance.now() - started;
        times.push(`${step} ${(lastMs / 1_000).toFixed(1)} s`);
        await page.screenshot({ path: join(PICTURES, `${language}-${times.length}-${step}.png`) });
      },
    });
    console.log(`${language}: ${times.join(', ')}`);
    expect(lastMs).toBeLessThan(FIRST_ANSWER_MS_MAX);
    expect(complaints).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(place.url))).toEqual([]);
    await context.close();
  },
  START_MS,
);
