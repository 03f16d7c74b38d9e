/**
 * Takes the film strips and pictures of enforcement into `docs/pictures/`: what somebody sees who is stopped, contests it
 * and is found right, and what the staff see. Part of `npm run pictures`.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { accountDetailView } from '../../../src/accounts/contract.ts';
import type { Conduct } from '../../../src/enforcement/conduct.ts';
import { launchBrowser } from '../../console/browser.ts';
import { confirmCase, contest, findFree, gather, misbehave, overturn, type Story } from './story.ts';
import { startStoryPlace, type StoryPlace } from './story-place.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/pictures');
const BYTES_MAX = 300_000;
/** Of one step in the strip, in pixels. */
const STEP_WIDTH = 460;
const FRAME = { width: 1120, height: 760 };
const WHOLE = { width: 1440, height: 900 };
/** Further down than any page is long. */
const END_PX = 100_000;
/** Pages in the strip, in the order of the story. */
const STRIP = ['warning', 'throttle', 'case', 'decision', 'appeal', 'answer'];
/** Pages that are pictures of their own. */
const ALONE: Readonly<Record<Story['language'], readonly string[]>> = { en: ['case', 'entity'], zh: ['queue'] };

/** What else waits in the queue: of whom, for what, how sure, and whose word it is. */
const OTHERS: readonly (readonly [name: string, conduct: Conduct, confidence: number, source: string])[] = [
  ['Harbour Tools', 'illicit', 0.7, 'upstream'],
  ['Kite Studio', 'hate', 0.6, 'report'],
  ['Mosaic Lab', 'resale', 0.55, 'metering'],
  ['Lantern Books', 'sexual', 0.45, 'report'],
  ['North Pier', 'harassment', 0.5, 'report'],
  ['Quiet Robots', 'extraction', 0.65, 'metering'],
  ['Salt & Sail', 'circumvention', 0.4, 'upstream'],
];

async function fillQueue({ site }: StoryPlace): Promise<void> {
  for (const [name, conduct, confidence, source] of OTHERS) {
    const made = await site.owner.ask('POST', '/control/v1/accounts', { body: { name, kind: 'workspace' } });
    const { id: account_id } = accountDetailView.pick({ id: true }).parse(made.json);
    const body = { account_id, conduct, confidence, source, note: 'for the pictures' };
    const { status, text } = await site.owner.ask('POST', '/control/v1/enforcement/signals', { body });
    if (status !== 201) throw new Error(`no signal was raised: ${text}`);
  }
}

function keepAt(page: Page, file: string): Promise<Buffer> {
  const path = join(FOLDER, `${file}.png`);
  return page.screenshot({ path }).then((bytes) => checked(path, bytes));
}

function checked(path: string, bytes: Buffer): Buffer {
  const size = statSync(path).size;
  console.log(`${path}: ${size} bytes`);
  if (size > BYTES_MAX) throw new Error(`${path} has more than ${BYTES_MAX} bytes`);
  return bytes;
}

async function takeAlone(page: Page, name: string, language: Story['language']): Promise<void> {
  if (!ALONE[language].includes(name)) return;
  await page.setViewportSize(WHOLE);
  if (language === 'zh') await page.emulateMedia({ colorScheme: 'dark' });
  await keepAt(page, `enforcement-${name}`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(FRAME);
}

async function takeStory(browser: Browser, language: Story['language']): Promise<void> {
  const place = await startStoryPlace();
  const steps: string[] = [];
  const story: Story = {
    language,
    scheme: 'light',
    by: 'portal',
    async onPage(name, page) {
      await page.mouse.move(0, 0);
      // The answer stands below what it answers.
      await page.evaluate((top) => window.scrollTo(0, top), name === 'answer' ? END_PX : 0);
      await takeAlone(page, name, language);
      if (STRIP.includes(name)) steps.push((await page.screenshot()).toString('base64'));
    },
  };
  const cast = await gather(browser, place, story);
  try {
    await fillQueue(place);
    for (const { page } of [cast.person, cast.first, cast.second]) await page.setViewportSize(FRAME);
    const did = await misbehave(cast, place, story);
    await confirmCase(cast, did, story);
    const refused = await contest(cast, did, story);
    await overturn(cast, story);
    await findFree(cast, refused, story);
    await takeStrip(cast.person.page, steps, language);
  } finally {
    await cast.close();
    await place.site.close();
  }
}

async function takeStrip(page: Page, steps: readonly string[], language: Story['language']): Promise<void> {
  const sheet = await page.context().newPage();
  await sheet.setViewportSize({ width: 3 * (STEP_WIDTH + 16) + 16, height: 800 });
  await sheet.setContent(`<style>
    body { display: inline-flex; flex-wrap: wrap; gap: 16px; margin: 0; padding: 16px; background: #e9eef1; }
    img { display: block; width: ${STEP_WIDTH}px; border-radius: 6px; }
  </style>${steps.map((picture) => `<img alt="" src="data:image/png;base64,${picture}">`).join('')}`);
  const path = join(FOLDER, `enforcement-${language}.png`);
  checked(path, await sheet.locator('body').screenshot({ path }));
}

const browser = await launchBrowser();
try {
  for (const language of ['en', 'zh'] as const) await takeStory(browser, language);
} finally {
  await browser.close();
}
