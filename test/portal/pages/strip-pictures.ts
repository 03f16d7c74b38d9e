/**
 * Takes the film strips of docs/accessibility.md into `docs/pictures/`: from the first page to the first answer, a picture
 * a step with the time it was reached. Part of `npm run pictures`.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser } from 'playwright-core';
import { launchBrowser, openContext } from '../../console/browser.ts';
import { type PortalPlace, startPortal, walkIn } from './portal-place.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/pictures');
const BYTES_MAX = 300_000;
/** Of one step in the strip, in pixels. */
const STEP_WIDTH = 480;

async function takeStrip(browser: Browser, place: PortalPlace, language: 'en' | 'zh'): Promise<void> {
  const context = await openContext(browser, { language, scheme: 'light', width: 'wide' });
  const page = await context.newPage();
  await page.setViewportSize({ width: 1120, height: 760 });
  const steps: { readonly seconds: string; readonly picture: string }[] = [];
  const started = performance.now();
  await walkIn(page, place, {
    language,
    email: `ada.${language}@example.com`,
    async onStep() {
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      steps.push({ seconds, picture: (await page.screenshot()).toString('base64') });
    },
  });
  const frames = steps.map(
    ({ seconds, picture }) =>
      `<figure><img src="data:image/png;base64,${picture}"><figcaption>${seconds} s</figcaption></figure>`,
  );
  const sheet = await context.newPage();
  await sheet.setViewportSize({ width: 3 * (STEP_WIDTH + 16) + 16, height: 800 });
  await sheet.setContent(`<style>
    body { display: inline-flex; flex-wrap: wrap; gap: 16px; margin: 0; padding: 16px; background: #e9eef1; font: 15px sans-serif; }
    figure { margin: 0; } img { display: block; width: ${STEP_WIDTH}px; border-radius: 6px; } figcaption { padding-top: 5px; color: #445; }
  </style>${frames.join('')}`);
  const file = join(FOLDER, `sign-up-${language}.png`);
  await sheet.locator('body').screenshot({ path: file });
  const bytes = statSync(file).size;
  console.log(`${file}: ${bytes} bytes, ${steps.map(({ seconds }) => seconds).join(', ')} s`);
  if (bytes > BYTES_MAX) throw new Error(`the strip in ${language} has more than ${BYTES_MAX} bytes`);
  await context.close();
}

const [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
try {
  for (const language of ['en', 'zh'] as const) await takeStrip(browser, place, language);
} finally {
  await browser.close();
  await place.close();
}
