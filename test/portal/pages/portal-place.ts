import { rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { outboxView } from '../../../src/people/contract.ts';
import { makePlace, startProcess } from '../../world/process.ts';

/** A service that people sign up at, in development: mails are kept where they can be read. */
export interface PortalPlace {
  /** Without a path: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The code in the newest mail to this address. */
  codeFor(email: string): Promise<string>;
  close(): Promise<void>;
}

const MAIL_WAIT_MS = 20_000;
const MAIL_LOOK_EVERY_MS = 50;

export const SERVICE_NAME = 'Riverside Models';

const YAML = `
portal: { enabled: true, name: ${SERVICE_NAME}, mail_outbox: true }
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 3, output_usd_per_million: 15 } }
`;

/** Starts it on an empty data folder; `npm run build` must have been run. */
export async function startPortal(yaml = ''): Promise<PortalPlace> {
  const place = makePlace(YAML + yaml);
  const service = await startProcess(place);
  return {
    url: service.url,
    codeFor: (email) => readCode(service.url, email),
    async close() {
      service.signal('SIGTERM');
      await service.ended;
      rmSync(place.folder, { recursive: true, force: true });
    },
  };
}

/** The mail goes out beside the answer of the sign-up, so it may come after the page that asks for its code. */
async function readCode(url: string, email: string): Promise<string> {
  for (let waitedMs = 0; waitedMs < MAIL_WAIT_MS; waitedMs += MAIL_LOOK_EVERY_MS) {
    const { data } = outboxView.parse(await (await fetch(`${url}/portal/v1/outbox`)).json());
    const mail = data.find(({ to }) => to === email);
    const code = /\b\d{6}\b/.exec(`${mail?.subject} ${mail?.body}`)?.[0];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, MAIL_LOOK_EVERY_MS));
  }
  throw new Error(`no mail with a code came for ${email}`);
}

/** How fast somebody types who is used to it: milliseconds between keys. */
export const KEY_MS = 60;
export const PASSWORD = 'a blue kettle sings at dawn';

/** What the buttons and fields on the way are called. */
export const WORDS = {
  en: {
    create: 'Create an account',
    email: 'Mail address',
    password: 'Password',
    submit: 'Create account',
    check: 'Look into your mail',
    code: 'Code of 6 digits',
    playground: 'Playground',
    ask: 'Your question',
    question: 'What is a token?',
    answered: 'Answered in',
    receipt: 'Receipt',
    log: 'Conversation',
  },
  zh: {
    create: '创建账户',
    email: '邮箱',
    password: '密码',
    submit: '创建账户',
    check: '请查收邮件',
    code: '6 位验证码',
    playground: '模型体验',
    ask: '你的问题',
    question: '什么是词元？',
    answered: '用时',
    receipt: '账单明细',
    log: '对话',
  },
} as const;

export interface Way {
  readonly language: keyof typeof WORDS;
  readonly email: string;
  /** Hears of each step once the page shows it. */
  readonly onStep: (step: string) => Promise<void>;
}

/** From the first page to the first answer, with mouse and keyboard, at the speed of a person. */
export async function walkIn(page: Page, place: PortalPlace, { language, email, onStep }: Way): Promise<void> {
  const words = WORDS[language];
  const slowly = { delay: KEY_MS };
  await page.goto(place.url);
  await page.getByRole('link', { name: words.create }).waitFor();
  await onStep('landing');
  await page.getByRole('link', { name: words.create }).click();
  await page.getByLabel(words.email).pressSequentially(email, slowly);
  await page.getByLabel(words.password, { exact: true }).pressSequentially(PASSWORD, slowly);
  await page.getByRole('checkbox').check();
  await onStep('sign-up');
  await page.getByRole('button', { name: words.submit }).click();
  await page.getByRole('heading', { name: words.check }).waitFor();
  await onStep('check-mail');
  await page.getByLabel(words.code).pressSequentially(await place.codeFor(email), slowly);
  await page.getByRole('heading', { name: words.playground }).waitFor();
  await page.getByLabel(words.ask).waitFor();
  await onStep('playground');
  await page.getByLabel(words.ask).pressSequentially(words.question, slowly);
  await page.keyboard.press('Enter');
  await page.getByText(words.answered).waitFor();
  await onStep('first-answer');
}
