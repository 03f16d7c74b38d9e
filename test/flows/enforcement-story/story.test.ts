/** The whole way in the browser, through public doors alone: from what somebody asks to what is made good. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import { decisionListView, recordVerificationView } from '../../../src/enforcement/decisions/contract.ts';
import { sanctionListView } from '../../../src/enforcement/sanctions/contract.ts';
import { launchBrowser } from '../../console/browser.ts';
import { barriersOf } from '../../console/walk/page-facts.ts';
import { endProcesses } from '../../world/process.ts';
import { ASKS } from './script.ts';
import { confirmCase, contest, EMAIL, findFree, gather, misbehave, overturn, type Story } from './story.ts';
import { startStoryPlace, until } from './story-place.ts';

const START_MS = 120_000;
/** Of a story on a busy machine; alone it takes half a minute. */
const STORY_MS = 240_000;

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, START_MS);
afterAll(async () => {
  await browser?.close();
  endProcesses();
}, START_MS);

const STORIES = [
  { language: 'en', scheme: 'light', by: 'portal' },
  { language: 'zh', scheme: 'dark', by: 'address' },
] as const;

test.each(STORIES)(
  'somebody is stopped step by step, told why, heard and made whole, in $language, by the $by',
  async (told) => {
    const barriers: string[] = [];
    const onPage = async (name: string, page: Page) => {
      barriers.push(...(await barriersOf(page)).map((barrier) => `${name}: ${barrier}`));
    };
    const story: Story = { ...told, onPage };
    const place = await startStoryPlace();
    const cast = await gather(browser, place, story);
    try {
      const did = await misbehave(cast, place, story);
      expect(did.requestsPerMinute).toBe('15');
      expect(did.refused).toMatchObject({ status: 403, contestPath: expect.stringMatching(/^\/contest\//) });
      const sanctions = await place.read(ofAccount('sanctions', did.accountId), sanctionListView);
      expect(sanctions.data.map(({ step, state }) => [step, state])).toEqual([
        ['restrict', 'in_force'],
        ['cool_off', 'in_force'],
        ['throttle', 'replaced'],
        ['friction', 'replaced'],
        ['warning', 'replaced'],
      ]);

      expect(await confirmCase(cast, did, story)).toEqual({ shownBefore: false, shownAfter: true });

      const endsBefore = await place.creditEndsAtMs(did.accountId);
      const refused = await contest(cast, did, story);
      expect(refused.decisionId).not.toBe(did.refused.decisionId);
      const { firstIsBarred, foreseen } = await overturn(cast, story);
      expect(firstIsBarred).toBe(true);
      // The sanction, its stop, the incidents, the credit, the requests and the notice.
      expect(foreseen.length).toBeGreaterThanOrEqual(6);
      expect(await findFree(cast, refused, story)).toEqual({ isTold: true });

      // A mail of each decision and of the answer, each with the decision it is about.
      const decisions = await place.read(ofAccount('decisions', did.accountId), decisionListView);
      const answer = decisions.data.find(({ kind }) => kind === 'appeal');
      for (const { id } of decisions.data.filter(({ kind }) => kind === 'sanction' || kind === 'appeal')) {
        await until('the mail about a decision', async () =>
          (await place.mailsTo(EMAIL)).some(({ body }) => body.includes(id)),
        );
      }
      expect(answer?.about).toBe(refused.decisionId);
      expect(answer?.author).toMatchObject({ kind: 'staff' });

      await did.script.ask(ASKS[story.language].harmless(0));
      expect(await place.creditEndsAtMs(did.accountId)).toBeGreaterThan(endsBefore);
      const after = await place.read(`${ofAccount('sanctions', did.accountId)}&state=in_force`, sanctionListView);
      expect(after.data).toEqual([]);
      const verified = await place.read('/control/v1/enforcement/record/verification', recordVerificationView);
      expect(verified).toMatchObject({ whole: true, broken: null });
      const report = await place.verb('enforcement', 'report', '--from', dayFrom(-1), '--to', dayFrom(1));
      expect(report).toContain('| threats | 6 |');
      expect(report).toContain('Taken back as wrong: 6');

      expect(barriers).toEqual([]);
      expect(cast.complaints().filter((said) => !EXPECTED.test(said))).toEqual([]);
    } finally {
      await cast.close();
      await place.site.close();
    }
  },
  STORY_MS,
);

/** What browsers say by themselves where a session ended. */
const EXPECTED = /status of 401/;

function ofAccount(what: string, accountId: string): string {
  return `/control/v1/enforcement/${what}?account=${accountId}`;
}

/** The day so many days from now, `YYYY-MM-DD`. */
function dayFrom(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
