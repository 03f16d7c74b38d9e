import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { EVIDENCE } from '../evidence/fields.ts';
import type { Agreement, Family } from '../evidence.ts';
import { judge } from './judge.ts';
import { LINKAGE_PARAMETERS as PARAMETERS } from './parameters.ts';

const agreement = fc
  .record({ field: fc.constantFrom(...EVIDENCE), bits: fc.double({ min: 0, max: 60, noNaN: true }) })
  .map(({ field: { name, family }, bits }): Agreement => ({ family, field: name, bits, operators: 1 }));
const agreements = fc.array(agreement, { maxLength: 20 });
const around = fc.record({
  sharedNetwork: fc.boolean(),
  payers: fc.nat(50),
  operatorAccounts: fc.integer({ min: 1, max: 500 }),
  deviceInStep: fc.boolean(),
});
const COHORT: readonly Family[] = ['network', 'time', 'client', 'content'];

test('a cohort is never a person: network, time, client and content make no link that is hard', () => {
  fc.assert(
    fc.property(agreements, around, (all, circumstances) => {
      const cohort = all.filter(({ family }) => COHORT.includes(family));
      const { bits, strength } = judge(cohort, circumstances, PARAMETERS);
      expect(bits).toBeLessThanOrEqual(PARAMETERS.cohortBitsMax);
      expect(strength).not.toBe('hard');
    }),
  );
});

test('one family alone makes no hard link, and counts no more than its cap', () => {
  fc.assert(
    fc.property(agreements, around, fc.constantFrom(...EVIDENCE), (all, circumstances, { family }) => {
      const { bits, strength } = judge(
        all.filter((one) => one.family === family),
        circumstances,
        PARAMETERS,
      );
      expect(bits).toBeLessThanOrEqual(PARAMETERS.familyBitsMax);
      expect(strength).not.toBe('hard');
    }),
  );
});

test('a device and nothing of mail or payment is soft where it may be handed around', () => {
  fc.assert(
    fc.property(agreements, (all) => {
      const handedAround = all.filter(({ family }) => family !== 'mail' && family !== 'payment');
      const circumstances = { sharedNetwork: false, payers: 0, operatorAccounts: 3, deviceInStep: false };
      expect(judge(handedAround, circumstances, PARAMETERS).strength).not.toBe('hard');
    }),
  );
});

test('a network that many share counts next to nothing', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (bits) => {
      const network: Agreement = { family: 'network', field: 'ip', bits, operators: 1 };
      const circumstances = { sharedNetwork: true, payers: 0, operatorAccounts: 1, deviceInStep: false };
      expect(judge([network], circumstances, PARAMETERS).bits).toBeLessThanOrEqual(PARAMETERS.sharedNetworkBitsMax);
    }),
  );
});
