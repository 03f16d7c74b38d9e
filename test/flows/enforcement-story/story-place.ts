import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { z } from 'zod';
import { figuresView } from '../../../src/enforcement/signals/contract.ts';
import { balanceView } from '../../../src/ledger/credit/contract.ts';
import { outboxView } from '../../../src/people/contract.ts';
import type { Browser as Asking } from '../../console/asking.ts';
import { cookiesOf, type Cookies, type Site, startSite } from '../../console/site.ts';
import { SERVICE_NAME } from '../../portal/pages/portal-place.ts';

/** A service that people sign up at and whose requests are looked at, with staff who review. */
export interface StoryPlace {
  readonly site: Site;
  /** Who decides the case, and who answers the appeal. */
  readonly reviewers: { readonly first: Cookies; readonly second: Cookies };
  /** Mails to this address, the newest first. */
  mailsTo(email: string): Promise<Mails>;
  /** Credit of 5 US dollars that ends in a week. */
  giveCredit(accountId: string): Promise<void>;
  /** When the credit that was given to them ends, in milliseconds. */
  creditEndsAtMs(accountId: string): Promise<number>;
  /** Requests of the account that judgement knows of. */
  requestsSeen(accountId: string): Promise<number>;
  /** Reads from the control API as the owner. */
  read<Schema extends z.ZodType>(path: string, answer: Schema): Promise<z.output<Schema>>;
  /** What a verb of the command line says that is run beside the service. */
  verb(...argv: readonly string[]): Promise<string>;
}

type Mails = z.output<typeof outboxView>['data'];

const YAML = `
portal: { enabled: true, name: ${SERVICE_NAME}, mail_outbox: true }
pricing: { unpriced: estimate, estimate: { input_usd_per_million: 3, output_usd_per_million: 15 } }
products: { api: { moderation: on } }
`;
const BIN = join(import.meta.dirname, '../../../bin/candor');
const CREDIT_NANO = '5000000000';
const WEEK_MS = 7 * 86_400_000;

/** Starts it on an empty data folder; `npm run build` must have been run. */
export async function startStoryPlace(): Promise<StoryPlace> {
  const site = await startSite(YAML);
  const { owner, console } = site;
  const cookies = async (reviewer: Promise<Asking>) => cookiesOf(console, await reviewer);
  const first = await cookies(site.invite('trust_safety'));
  const second = await cookies(site.invite('admin'));

  async function read<Schema extends z.ZodType>(path: string, answer: Schema): Promise<z.output<Schema>> {
    const { status, text, json } = await owner.ask('GET', path);
    if (status !== 200) throw new Error(`${path} was answered with ${status}: ${text}`);
    return answer.parse(json);
  }

  return {
    site,
    reviewers: { first, second },
    read,
    async mailsTo(email) {
      const answer = await fetch(`${site.url}/portal/v1/outbox`);
      return outboxView.parse(await answer.json()).data.filter(({ to }) => to === email);
    },
    async giveCredit(accountId) {
      const body = { account_id: accountId, amount_nano: CREDIT_NANO, reason: 'welcome', expires_in_ms: WEEK_MS };
      const { status, text } = await owner.ask('POST', '/control/v1/credit/grants', { body });
      if (status !== 201) throw new Error(`no credit was given: ${status} ${text}`);
    },
    async creditEndsAtMs(accountId) {
      const { grants } = await read(`/control/v1/ledger/accounts/${accountId}/balance`, balanceView);
      const given = grants.filter(({ source }) => source !== 'signup');
      return Math.max(0, ...given.flatMap(({ expires_at: at }) => (at === null ? [] : [Date.parse(at)])));
    },
    async requestsSeen(accountId) {
      return (await read(`/control/v1/enforcement/units/figures?account=${accountId}`, figuresView)).requests;
    },
    async verb(...argv) {
      const { PATH = '', HOME = '' } = process.env;
      const options = { env: { PATH, HOME, CANDOR_DATA: site.place.dataDir } };
      return (await promisify(execFile)(BIN, argv, options)).stdout;
    },
  };
}

const LOOK_EVERY_MS = 100;
/** Of what the service does by itself; a busy machine takes long. */
const COME_MAX_MS = 40_000;
/** Of what may as well not come. */
const SOON_MS = 8_000;

/** Waits until it is so. */
export async function until(what: string, look: () => Promise<boolean>): Promise<void> {
  if (!(await comes(look, COME_MAX_MS))) throw new Error(`it did not come: ${what}`);
}

/** Whether it is so before long. */
export function isSoon(look: () => Promise<boolean>): Promise<boolean> {
  return comes(look, SOON_MS);
}

async function comes(look: () => Promise<boolean>, maxMs: number): Promise<boolean> {
  for (const untilMs = Date.now() + maxMs; Date.now() < untilMs; ) {
    if (await look()) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return false;
}
