import type { Page } from 'playwright-core';
import type { Language } from '../../../console/locales/define-texts.ts';
import { keyShownTexts } from '../../../portal/components/developer/key-shown-texts.ts';
import { keyDialogTexts } from '../../../portal/pages/developer/key-dialog-texts.ts';
import { keysTexts } from '../../../portal/pages/developer/keys-texts.ts';
import { entryTexts } from '../../../portal/pages/entry/entry-texts.ts';
import { signUpTexts } from '../../../portal/pages/entry/sign-up-texts.ts';
import { contestTexts } from '../../../portal/pages/standing/contest-texts.ts';
import { decisionTexts } from '../../../portal/pages/standing/decision-texts.ts';
import { standingTexts } from '../../../portal/pages/standing/standing-texts.ts';
import type { Conduct } from '../../../src/enforcement/conduct.ts';
import type { Step } from '../../../src/enforcement/step.ts';
import { createdPortalKeyView } from '../../../src/portal/keys/contract.ts';
import { PASSWORD, WORDS } from '../../portal/pages/portal-place.ts';
import type { StoryPlace } from './story-place.ts';

/** Somebody at the portal, with mouse and keyboard. */
export interface Person {
  readonly page: Page;
  readonly email: string;
  /** Gives the id of the account. */
  signUp(): Promise<string>;
  signIn(): Promise<void>;
  /** Makes a key on the page of keys, and gives it. */
  makeKey(): Promise<string>;
  /** Opens Standing, where this must be held against them. */
  seeHeld(step: Step, conduct: Conduct): Promise<void>;
  /** Opens Standing, where nothing may be held against them. */
  seeFree(): Promise<void>;
  acknowledge(): Promise<void>;
  /** From Standing to the decision: its notice and its statement of reasons. */
  readDecision(step: Step, conduct: Conduct): Promise<void>;
  /** Files an appeal on the page that is open, of a decision or of the address in a refusal. */
  contest(words: string): Promise<void>;
  /** From Standing to the decision that was contested, with the answer. */
  readAnswer(): Promise<void>;
  isTold(words: string): Promise<boolean>;
  /** Opens the address a refusal names. */
  openContest(path: string): Promise<void>;
}

const CODE_EVERY_MS = 50;

export function personAt(page: Page, place: StoryPlace, email: string, language: Language): Person {
  const { url } = place.site;
  const entry = entryTexts[language];
  const standing = standingTexts[language];
  const decision = decisionTexts[language];

  async function codeOf(): Promise<string> {
    for (;;) {
      const [mail] = await place.mailsTo(email);
      const code = /\b\d{6}\b/.exec(`${mail?.subject} ${mail?.body}`)?.[0];
      if (code !== undefined) return code;
      await page.waitForTimeout(CODE_EVERY_MS);
    }
  }

  /** The one of what is held with this heading. */
  function heldAs(step: Step, conduct: Conduct) {
    const title = decision.held_title
      .replace('{step}', decision[`step_${step}`])
      .replace('{conduct}', decision[`conduct_${conduct}`]);
    return page.getByRole('listitem').filter({ hasText: title });
  }

  return {
    page,
    email,
    async signUp() {
      await page.goto(`${url}/sign-up`);
      await page.getByLabel(entry.email).fill(email);
      await page.getByLabel(entry.password, { exact: true }).fill(PASSWORD);
      await page.getByRole('checkbox').check();
      const verified = page.waitForResponse((response) => response.url().endsWith('/portal/v1/sign-up/verify'));
      await page.getByRole('button', { name: signUpTexts[language].submit }).click();
      await page.getByRole('heading', { name: WORDS[language].check }).waitFor();
      await page.getByLabel(WORDS[language].code).fill(await codeOf());
      const { person } = (await (await verified).json()) as { person: { id: string } };
      await page.getByLabel(WORDS[language].ask).waitFor();
      return person.id;
    },
    async signIn() {
      await page.goto(`${url}/sign-in`);
      await page.getByLabel(entry.email).fill(email);
      await page.getByLabel(entry.password, { exact: true }).fill(PASSWORD);
      await page.getByRole('button', { name: entry.sign_in, exact: true }).click();
      await page.getByRole('navigation').first().waitFor();
    },
    async makeKey() {
      const words = keyDialogTexts[language];
      await page.goto(`${url}/keys`);
      await page.getByRole('button', { name: keysTexts[language].create }).first().click();
      await page.getByLabel(words.name, { exact: true }).fill('script');
      const made = page.waitForResponse((response) => response.url().endsWith('/keys') && response.status() === 201);
      await page.getByRole('button', { name: words.make }).click();
      const { key } = createdPortalKeyView.parse(await (await made).json());
      await page.getByRole('button', { name: keyShownTexts[language].saved }).click();
      return key;
    },
    async seeHeld(step, conduct) {
      await page.goto(`${url}/standing`);
      await heldAs(step, conduct).waitFor();
    },
    async seeFree() {
      await page.goto(`${url}/standing`);
      await page.getByText(standing.good, { exact: true }).waitFor();
    },
    async acknowledge() {
      await page.getByRole('button', { name: decision.acknowledge }).click();
      await page.getByRole('button', { name: decision.acknowledge }).waitFor({ state: 'detached' });
    },
    async readDecision(step, conduct) {
      await heldAs(step, conduct).getByRole('link', { name: decision.contest }).click();
      await page.getByRole('heading', { name: decision.notice }).waitFor();
      await page.getByRole('heading', { name: decision.statement }).waitFor();
    },
    async contest(words) {
      await page.getByLabel(decision.contest_field).fill(words);
      await page.getByRole('button', { name: decision.contest_send }).click();
      await page.getByText(decision.state_received, { exact: true }).waitFor();
    },
    async readAnswer() {
      await page.getByRole('row').filter({ hasText: decision.state_overturned }).first().click();
      await page.getByRole('heading', { name: decision.answer }).waitFor();
    },
    isTold: async (words) => (await page.getByText(words).count()) > 0,
    async openContest(path) {
      await page.goto(url + path);
      await page.getByRole('heading', { name: contestTexts[language].title }).waitFor();
      await page.getByRole('heading', { name: decision.statement }).waitFor();
    },
  };
}
