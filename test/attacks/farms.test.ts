/** Case 68: one person as many. What a month of farms gets is measured in test/simulation/front-door; this is each trick by itself. */
import { describe, expect, test } from 'bun:test';
import { mailFactsOf } from '../../src/fraud/evidence/mail.ts';
import { createLinkage } from '../../src/fraud/linkage/create-linkage.ts';
import { crowd, FIRST_MS, SCRIPT, signUp } from '../world/sign-ups.ts';

describe('case 68: names for one mailbox', () => {
  test('tags and dots are the same address, in every writing of it, where their provider reads them so', () => {
    const one = mailFactsOf('annrivers@gmail.com').address;
    const spellings = [
      'ann.rivers@gmail.com',
      'a.n.n.rivers+1@gmail.com',
      'AnnRivers+shop@googlemail.com',
      'ＡnnRivers@gmail.com',
    ];
    for (const other of spellings) expect([other, mailFactsOf(other).address]).toEqual([other, one]);
    // Elsewhere a dot is a letter like any other: nobody is taken for their neighbour.
    expect(mailFactsOf('ann.rivers@acme.example').address).not.toBe(mailFactsOf('annrivers@acme.example').address);
  });

  test('an address for ten minutes is known as one, and a relay that hides one is not taken for it', () => {
    expect(mailFactsOf('x@mailinator.com').kind).toBe('disposable');
    expect(mailFactsOf('x@sub.mailinator.com').kind).toBe('disposable');
    expect(mailFactsOf('x@privaterelay.appleid.com').kind).toBe('relay');
  });
});

describe('case 68: one person behind many', () => {
  const DAY_MS = 86_400_000;

  test('one device with spellings of one mailbox, or with one card, is one operator with one free tier', () => {
    const nowMs = FIRST_MS + 60 * DAY_MS;
    const linkage = createLinkage({ secret: new Uint8Array(32).fill(5), nowMs: () => nowMs });
    crowd(linkage, 600);
    const same = ['otter.brook@gmail.com', 'otterbrook+1@gmail.com', 'o.tterbrook+two@googlemail.com'].map(
      (email, nth) => signUp({ email, device: 'd-0', headers: SCRIPT, atMs: nowMs + nth * 60_000 }),
    );
    for (const one of same) linkage.signedUp(one);
    expect(linkage.operatorOf(same[0]?.accountId ?? '').accounts).toHaveLength(same.length);
    const paying = Array.from({ length: 5 }, (_, nth) =>
      signUp({ atMs: nowMs + nth * DAY_MS, headers: SCRIPT, device: 'd-1' }),
    );
    for (const one of paying) {
      linkage.signedUp(one);
      linkage.learnt(one.accountId, { kind: 'card', fingerprint: 'card_1', prepaid: false }, nowMs);
    }
    expect(linkage.operatorOf(paying[0]?.accountId ?? '').accounts).toHaveLength(paying.length);
  });
});
