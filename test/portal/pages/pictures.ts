/**
 * Takes pictures of pages of the portal, to be looked at:
 *
 *   CANDOR_RUN=bun bin/candor test/portal/pages/pictures.ts FOLDER PATH...
 *
 * In every look, or those whose name holds `LOOK` (`LOOK=en-light-wide`), by somebody who signed up a moment ago, or by
 * nobody with `NOBODY=1`. `FULL=1` takes whole pages, not the window.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { goTo, launchBrowser, LOOKS, openContext, watchComplaints } from '../../console/browser.ts';
import { startPortal, walkIn } from './portal-place.ts';

const [folder, ...paths] = process.argv.slice(2);
if (folder === undefined || paths.length === 0) throw new Error('usage: pictures.ts FOLDER PATH...');
mkdirSync(folder, { recursive: true });
const { LOOK = '', FULL, NOBODY } = process.env;

const [browser, place] = await Promise.all([launchBrowser(), startPortal()]);
try {
  const first = await openContext(browser, { language: 'en', scheme: 'light', width: 'wide' });
  if (NOBODY === undefined) {
    const way = { language: 'en', email: 'ada.lovelace@example.com', onStep: () => Promise.resolve() } as const;
    await walkIn(await first.newPage(), place, way);
  }
  const cookies = await first.cookies();
  await first.close();
  for (const look of LOOKS) {
    const name = `${look.language}-${look.scheme}-${look.width}`;
    if (!name.includes(LOOK)) continue;
    const context = await openContext(browser, look, cookies);
    const page = await context.newPage();
    const complaints = watchComplaints(page);
    for (const path of paths) {
      await goTo(page, `${place.url}${path}`).catch((error: Error) => console.log(`${path}: ${error.message}`));
      const file = join(folder, `${path.replaceAll(/[/#?=&]+/g, '-').replace(/^-/, '') || 'landing'}-${name}.png`);
      await page.screenshot({ path: file, fullPage: FULL !== undefined });
      console.log([file, ...complaints.splice(0)].join('\n  '));
    }
    await context.close();
  }
} finally {
  await browser.close();
  await place.close();
}
