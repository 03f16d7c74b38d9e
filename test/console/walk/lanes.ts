import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { goTo, type Look, openContext, watchComplaints } from '../browser.ts';
import { barriersOf, faultsOf } from './page-facts.ts';
import type { Cookies } from '../site.ts';

const PICTURES = join(import.meta.dirname, '../pictures');

/** As many as a small machine has cores, and as the service makes reports at once. */
const AT_ONCE_USUAL = 2;

/** What a walk looks at. */
interface Extent {
  readonly lanes: readonly Pick<Look, 'language' | 'width'>[];
  readonly schemes: readonly Look['scheme'][];
}

/** Both languages, wide and narrow, light and dark. */
const EVERY_LOOK: Extent = {
  lanes: (['en', 'zh'] as const).flatMap((language) =>
    (['wide', 'phone'] as const).map((width) => ({ language, width })),
  ),
  schemes: ['light', 'dark'],
};

/** Each language and each width once. */
export const SOME_LOOKS: Extent = {
  lanes: [
    { language: 'en', width: 'wide' },
    { language: 'zh', width: 'phone' },
  ],
  schemes: ['light'],
};

/** Each language and each width once, by day and by night: half of all looks, for what has many pages. */
export const DAY_AND_NIGHT: Extent = { ...SOME_LOOKS, schemes: ['light', 'dark'] };

/** One person who walks through the console in each language and width at once, by day and by night. */
export interface Walker {
  /** Everything that is wrong with the page, each fault with the look it has it in; pictures are kept under `name`. */
  visit(address: string, name: string): Promise<string[]>;
  /** Reads something from the page as it is in each language and width. */
  read<Found>(from: (page: Page) => Promise<Found>): Promise<Found[]>;
  close(): Promise<void>;
}

interface Lane {
  readonly look: Look;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
}

/** An empty folder for the pictures of one walk. */
export function pictureFolder(walk: string, pictures: string = PICTURES): string {
  const folder = join(pictures, walk);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

interface Walk {
  /** Where pictures are kept. */
  readonly folder: string;
  /** Texts of the data that are the same in each language: what people and things are called. */
  readonly names?: readonly string[];
  /** What titles of pages end in. */
  readonly service?: string;
  readonly extent?: Extent;
  /** Lanes that move together: one where the service answers a person one question at a time. */
  readonly atOnce?: number;
}

export async function startWalker(
  browser: Browser,
  cookies: Cookies,
  { folder, names = [], service = 'Candor', extent = EVERY_LOOK, atOnce = AT_ONCE_USUAL }: Walk,
): Promise<Walker> {
  const lanes = await Promise.all(extent.lanes.map((look) => openLane(browser, { ...look, scheme: 'light' }, cookies)));
  return {
    async visit(address, name) {
      const stop = { address, names, service, picture: join(folder, name) };
      const found: string[] = [];
      for (let at = 0; at < lanes.length; at += atOnce) {
        const together = lanes.slice(at, at + atOnce).map((lane) => walk(lane, extent.schemes, stop));
        found.push(...(await Promise.all(together)).flat());
      }
      return found;
    },
    read: (from) => Promise.all(lanes.map(({ page }) => from(page))),
    async close() {
      await Promise.all(lanes.map(({ context }) => context.close()));
    },
  };
}

async function openLane(browser: Browser, look: Look, cookies: Cookies): Promise<Lane> {
  const context = await openContext(browser, look, cookies);
  const page = await context.newPage();
  return { look, context, page, complaints: watchComplaints(page) };
}

interface Stop {
  readonly address: string;
  readonly names: readonly string[];
  readonly service: string;
  /** Its path, but for the look. */
  readonly picture: string;
}

async function walk(lane: Lane, schemes: Extent['schemes'], stop: Stop): Promise<string[]> {
  const { look, page, complaints } = lane;
  const { address, picture } = stop;
  const found: string[] = [];
  complaints.length = 0;
  await page.emulateMedia({ colorScheme: schemes[0] ?? 'light' });
  await goTo(page, address);
  for (const scheme of schemes) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.locator(`html[data-mantine-color-scheme="${scheme}"]`).waitFor({ state: 'attached' });
    const where = `${look.language}-${scheme}-${look.width}`;
    const told = [...(await faultsOf(page, look.language, stop)), ...(await barriersOf(page))];
    found.push(...told.map((fault) => `${where}: ${fault}`));
    await page.screenshot({ path: `${picture}-${where}.png`, fullPage: true });
  }
  found.push(...complaints.map((complaint) => `${look.language}-${look.width}: the browser says: ${complaint}`));
  return found;
}
