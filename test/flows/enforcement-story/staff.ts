import type { Page } from 'playwright-core';
import { enforcementTexts } from '../../../console/components/enforcement-texts.ts';
import type { Language } from '../../../console/locales/define-texts.ts';
import { appealsTexts } from '../../../console/pages/enforcement/appeals-texts.ts';
import { casePageTexts } from '../../../console/pages/enforcement/case-page-texts.ts';
import { caseTexts } from '../../../console/pages/enforcement/case-texts.ts';
import { entityTexts } from '../../../console/pages/enforcement/entity-texts.ts';
import type { Conduct } from '../../../src/enforcement/conduct.ts';
import type { Step } from '../../../src/enforcement/step.ts';
import { goTo } from '../../console/browser.ts';
import type { StoryPlace } from './story-place.ts';

/** Somebody who reviews, at the console. */
export interface Staff {
  readonly page: Page;
  openQueue(): Promise<void>;
  /** From the queue to the case of a suspension, and takes it; by keyboard. */
  openCase(conduct: Conduct): Promise<void>;
  /** Reads what was written in the newest request of the case; by keyboard. */
  reveal(reason: string): Promise<void>;
  /** What was written, shown clearly or not. */
  isWritten(text: string): Promise<boolean>;
  /** What is known of an account, where a step for it must stand in the timeline. */
  openEntity(accountId: string, step: Step, conduct: Conduct): Promise<void>;
  /** Says that it is so and imposes a step; by keyboard. */
  confirm(step: Step, words: { readonly reason: string; readonly alternatives: string }): Promise<void>;
  /** From the list of appeals to the one against this step. */
  openAppeal(step: Step): Promise<void>;
  /** Whether the page of the appeal says that somebody else answers it, and offers no answer. */
  isBarred(): Promise<boolean>;
  /** Fills the answer in: that the decision was wrong. Gives what the page says that this sets going. */
  overturn(words: string): Promise<readonly string[]>;
  /** Sends the answer; resolves when all of it is made good. */
  sendAnswer(): Promise<void>;
}

/** More than the case has rows and fields. */
const MOVES_MAX = 12;

export function staffAt(page: Page, place: StoryPlace, language: Language): Staff {
  const { console } = place.site;
  const words = casePageTexts[language];
  const shared = enforcementTexts[language];
  const appeals = appealsTexts[language];

  /** Moves down until a row says this has the focus. */
  async function moveTo(text: string): Promise<void> {
    const focused = page.locator('tbody tr:focus');
    for (let move = 0; move < MOVES_MAX; move++) {
      await page.keyboard.press('j');
      if ((await focused.textContent())?.includes(text) === true) return;
    }
    throw new Error(`no row says ${text}`);
  }

  return {
    page,
    async openQueue() {
      await goTo(page, `${console}/enforcement/cases`);
      await page.getByRole('row').filter({ hasText: caseTexts[language].kind_suspension }).waitFor();
    },
    async openCase(conduct) {
      await moveTo(caseTexts[language].kind_suspension);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: shared[`conduct_${conduct}`] }).waitFor();
      await page.getByRole('button', { name: words.take, exact: true }).press('Enter');
      await page.getByRole('button', { name: words.release, exact: true }).waitFor();
    },
    async reveal(reason) {
      await page.keyboard.press('r');
      await page.keyboard.type(reason);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: words.show }).press('Enter');
      await page.getByRole('button', { name: words.blur }).waitFor();
    },
    async openEntity(accountId, step, conduct) {
      const happened = entityTexts[language].at_sanction
        .replace('{step}', shared[`step_${step}`])
        .replace('{conduct}', shared[`conduct_${conduct}`]);
      await goTo(page, `${console}/enforcement/accounts/${accountId}`);
      await page.getByText(happened, { exact: true }).waitFor();
    },
    isWritten: async (text) => (await page.getByText(text).count()) > 0,
    async confirm(step, { reason, alternatives }) {
      await page.keyboard.press('a');
      const chosen = page.getByRole('combobox', { name: words.step });
      await chosen.waitFor();
      await chosen.focus();
      await page.keyboard.press('ArrowDown');
      const option = page.getByRole('option', { name: shared[`step_${step}`] });
      await option.waitFor();
      for (let move = 0; move < MOVES_MAX && !(await isActive()); move++) await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.getByLabel(words.alternatives).fill(alternatives);
      await page.getByLabel(words.why, { exact: true }).fill(reason);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('heading', { level: 1, name: caseTexts[language].title }).waitFor();
      function isActive(): Promise<boolean> {
        return option.evaluate((element) => element.hasAttribute('data-combobox-selected'));
      }
    },
    async openAppeal(step) {
      await goTo(page, `${console}/enforcement/appeals`);
      await page
        .getByRole('row')
        .filter({ hasText: shared[`step_${step}`] })
        .click();
      const title = appeals.page_title.replace('{step}', shared[`step_${step}`]);
      await page.getByRole('heading', { level: 1, name: title }).waitFor();
      await page.getByRole('heading', { name: appeals.said }).waitFor();
    },
    async isBarred() {
      await page.getByText(appeals.barred).waitFor();
      return (await page.getByRole('button', { name: appeals.send }).count()) === 0;
    },
    async overturn(text) {
      await page.getByRole('button', { name: appeals.take, exact: true }).click();
      await page.getByText(appeals.state_in_review, { exact: true }).waitFor();
      await page.getByRole('radio', { name: appeals.outcome_overturned }).check();
      await page.getByRole('combobox', { name: appeals.reason }).click();
      await page.getByRole('option', { name: appeals.reason_not_found }).click();
      await page.getByLabel(appeals.words, { exact: false }).fill(text);
      const preview = page.getByRole('region', { name: appeals.preview }).getByRole('listitem');
      await preview.filter({ hasText: appeals.p_notice }).waitFor();
      return preview.allTextContents();
    },
    async sendAnswer() {
      await page.getByRole('button', { name: appeals.send }).click();
      await page.getByRole('dialog').getByRole('button', { name: appeals.send }).click();
      await page.getByRole('heading', { name: appeals.restitution }).waitFor();
      await page.getByText(appeals.waiting, { exact: true }).first().waitFor({ state: 'detached' });
    },
  };
}
