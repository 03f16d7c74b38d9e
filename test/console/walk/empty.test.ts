import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { PAGES } from '../../../console/pages.ts';
import { launchBrowser } from '../browser.ts';
import { type Site, startSite } from '../site.ts';
import { pictureFolder, SOME_LOOKS, startWalker, type Walker } from './lanes.ts';

const START_MS = 120_000;
/** Where something stands from the first day on: an owner, their deeds and account, what is configured and shipped, true zeros. */
const NEVER_EMPTY: ReadonlySet<string> = new Set([
  '/accounts',
  '/models',
  '/moderation/thresholds',
  '/moderation/quality',
  '/risk/simulation',
  '/enforcement/rules',
  '/plans',
  '/reports',
  '/settings',
  '/staff',
  '/audit',
  '/api-docs',
  '/me',
]);

/** In Chinese; a sentence says more than that something is missing. */
const NOTE_CHARS_MIN = 10;

let browser: Browser;
let site: Site;
let walker: Walker;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchBrowser(), startSite()]);
  walker = await startWalker(browser, site.cookies, { folder: pictureFolder('first-day'), extent: SOME_LOOKS });
}, START_MS);

afterAll(async () => {
  await walker?.close();
  await browser?.close();
  await site?.close();
}, START_MS);

describe('on the first day, with nothing there', () => {
  test.each(PAGES.map(({ path }) => path).filter((path) => !path.includes('$')))(
    '%s',
    async (path) => {
      expect(await walker.visit(site.console + path, path.slice(1))).toEqual([]);
      for (const { notes, actions } of await walker.read((page) => page.evaluate(readLessons))) {
        expect(notes.filter((note) => note.length < NOTE_CHARS_MIN)).toEqual([]);
        if (NEVER_EMPTY.has(path)) continue;
        expect(notes.length).toBeGreaterThan(0);
        expect(actions).toBeGreaterThan(0);
      }
    },
    START_MS,
  );
});

/** Runs in the page: what is said where nothing is, and how many buttons, fields and commands lead on from there. */
function readLessons() {
  const shown = [...document.querySelectorAll('.empty')].filter((element) => element.checkVisibility());
  const ways = '.empty :is(a, button, code), .page-actions :is(a, button), main input, main [role="tab"]';
  return {
    notes: shown.map((element) => element.querySelector('p')?.textContent ?? ''),
    actions: document.querySelectorAll(ways).length,
  };
}
