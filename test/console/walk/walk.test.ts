import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser } from 'playwright-core';
import { PAGES } from '../../../console/pages.ts';
import { endProcesses, makePlace, startProcess } from '../../world/process.ts';
import { launchBrowser } from '../browser.ts';
import { type FilledSite, startFilledSite } from './filled-site.ts';
import { DAY_AND_NIGHT, pictureFolder, startWalker, type Walker } from './lanes.ts';
import { namesIn, PARAMETERS } from './samples.ts';
import { consoleOf, cookiesOf } from '../site.ts';

const TIMES = 0.05;
const START_MS = 240_000;
/** One that runs out ends the browser and the service, and with them every test after it. */
const PAGE_MS = 300_000;

let browser: Browser;
let site: FilledSite;
let walker: Walker;
let names: readonly string[];
const folder = pictureFolder('pages');

beforeAll(async () => {
  browser = await launchBrowser();
  site = await startFilledSite(TIMES);
  names = await namesIn(site);
  walker = await startWalker(browser, site.cookies, { folder, names, extent: DAY_AND_NIGHT });
}, START_MS);

afterAll(async () => {
  await walker?.close();
  await browser?.close();
  await site?.close();
  endProcesses();
  console.log(`pictures of every page: ${folder}`);
}, START_MS);

/** The page in its looks, without a fault. */
async function visit(by: Walker, origin: string, path: string, name = nameOf(path)): Promise<void> {
  expect(await by.visit(origin + path, name)).toEqual([]);
}

function nameOf(path: string): string {
  return path.replace(/^\//, '').replaceAll(/[/$]+/g, '-');
}

describe('every page: in English on a wide window, in Chinese on a phone, each light and dark', () => {
  test.each(PAGES.map(({ path }) => path))(
    '%s',
    async (path) => {
      if (!path.includes('$')) return visit(walker, site.console, path);
      const find = PARAMETERS[path];
      if (find === undefined) throw new Error(`samples.ts does not know what ${path} is to be opened with`);
      await visit(walker, site.console, await find(site), nameOf(path));
    },
    PAGE_MS,
  );

  test('what is not there', () => visit(walker, site.console, '/nothing/here', 'not-found'), PAGE_MS);

  test(
    'what a role may not see',
    async () => {
      const viewer = await site.invite('viewer');
      const restricted = await startWalker(browser, cookiesOf(site.console, viewer), { folder, names });
      await visit(restricted, site.console, '/staff', 'forbidden');
      await restricted.close();
    },
    PAGE_MS,
  );
});

test(
  'the ways in',
  async () => {
    const stranger = await startWalker(browser, [], { folder });
    await visit(stranger, site.console, '/sign-in');
    await visit(stranger, site.console, '/invitation#0123456789abcdef', 'invitation');
    const service = await startProcess(makePlace(''));
    const { console: fresh, token } = consoleOf(service);
    await visit(stranger, fresh, `/setup#${token}`, 'setup');
    service.signal('SIGTERM');
    await service.ended;
    await stranger.close();
  },
  PAGE_MS,
);
