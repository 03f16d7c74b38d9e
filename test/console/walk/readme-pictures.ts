/**
 * Takes the pictures of the README into `docs/pictures/`: `npm run pictures`. Takes some minutes, most of them for the
 * demo's two days and for enough live traffic to see. Given names of pictures, takes those alone.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { goTo, launchBrowser, type Look, openContext } from '../browser.ts';
import { clusterListView } from '../../../src/fraud/linkage/contract.ts';
import { sanctionListView } from '../../../src/enforcement/sanctions/contract.ts';
import { type FilledSite, startFilledSite } from './filled-site.ts';

const FOLDER = join(import.meta.dirname, '../../../docs/pictures');
const SANCTIONS = '/control/v1/enforcement/sanctions';
const BYTES_MAX = 300_000;
const TIMES = 0.5;
/** Until the window of the live page has traffic all over. */
const LIVE_MS = 290_000;

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly look: Look;
  /** Milliseconds somebody looks on before it is taken. */
  readonly watchedMs: number;
}

async function pictures(site: FilledSite): Promise<readonly Picture[]> {
  const { data } = clusterListView.parse(await site.ask('GET', '/control/v1/fraud/clusters'));
  const suspended = await site.ask('GET', `${SANCTIONS}?step=suspend&conduct=threats`);
  const back = sanctionListView.parse(suspended).data.find(({ unit }) => unit.kind === 'account');
  const look = { language: 'en', scheme: 'light', width: 'wide' } as const;
  return [
    { name: 'enforcement', path: `/enforcement/accounts/${back?.unit.account_id ?? ''}`, look, watchedMs: 2_000 },
    { name: 'overview', path: '/overview', look, watchedMs: 1_000 },
    { name: 'cluster', path: `/risk/clusters/${data[0]?.operator_id ?? ''}`, look, watchedMs: 2_000 },
    { name: 'live', path: '/live', look: { ...look, language: 'zh', scheme: 'dark' }, watchedMs: LIVE_MS },
  ];
}

const wanted = process.argv.slice(2);
const site = await startFilledSite(TIMES);
const browser = await launchBrowser();
try {
  mkdirSync(FOLDER, { recursive: true });
  for (const { name, path, look, watchedMs } of await pictures(site)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const context = await openContext(browser, look, site.cookies);
    const page = await context.newPage();
    await goTo(page, site.console + path);
    await page.waitForTimeout(watchedMs);
    const file = join(FOLDER, `${name}.png`);
    await page.screenshot({ path: file });
    const bytes = statSync(file).size;
    console.log(`${file}: ${bytes} bytes`);
    if (bytes > BYTES_MAX) throw new Error(`${name} has more than ${BYTES_MAX} bytes`);
    await context.close();
  }
} finally {
  await browser.close();
  await site.close();
}
