import { beforeEach, expect, test } from 'bun:test';
import { createAttempts } from '../../credentials/attempts.ts';
import type { Decision } from '../../enforcement/index.ts';
import type { PersonCard } from '../../people/index.ts';
import { type TellDeps, tellDecisions } from './tell-decision.ts';

let nowMs = 0;
let isDown = false;
const mails: string[] = [];
beforeEach(() => {
  [nowMs, isDown] = [1_000, false];
  mails.length = 0;
});

const PERSON = { id: 'acct_1', email: 'ann@example.com', locale: 'en' } as PersonCard;
const DECISION = {
  id: 'dec_1',
  kind: 'sanction',
  accountId: 'acct_1',
  step: 'warning',
  unit: { kind: 'end_user', accountId: 'acct_1', endUser: 'u' },
  notice: { en: 'a notice', zh: '提示' },
  redress: { en: 'redress', zh: '申诉' },
  facts: null,
} as unknown as Decision;

function telling() {
  const deps: TellDeps = {
    people: {
      person: async () => PERSON,
      sendMail: async (id: string) => {
        if (isDown) return { ok: false, refusal: 'not_sent' } as never;
        mails.push(id);
        return { ok: true, value: undefined } as never;
      },
    },
    members: { page: async () => [] },
    service: 'Candor',
    contestUrl: (id) => `https://portal.example/contest/${id}`,
    attempts: createAttempts({ wallMs: () => nowMs, monoMs: () => nowMs }),
  };
  return tellDecisions(deps);
}

test('whoever asks under many names fills no mailbox with warnings, and what is graver is told beside them', async () => {
  const tell = telling();
  for (let nth = 0; nth < 50; nth++) await tell({ ...DECISION, id: `dec_${nth}` });
  expect(mails).toHaveLength(5);
  await tell({ ...DECISION, id: 'dec_grave', step: 'cool_off' });
  await tell({ ...DECISION, id: 'dec_own', unit: { kind: 'account', accountId: 'acct_1' } });
  expect(mails.slice(5)).toEqual(['dec_grave.acct_1', 'dec_own.acct_1']);
  nowMs += 86_400_000;
  await tell(DECISION);
  expect(mails).toHaveLength(8);
});

test('what could not be sent counts for nothing, and is tried again', async () => {
  const tell = telling();
  isDown = true;
  for (let nth = 0; nth < 20; nth++)
    expect(await tell(DECISION).catch((error: unknown) => error)).toBeInstanceOf(Error);
  isDown = false;
  await tell(DECISION);
  expect(mails).toEqual(['dec_1.acct_1']);
});
