import type { Clock } from '../../base/clock.ts';
import type { Conduct, Follow } from '../../enforcement/index.ts';
import type { PaymentParts } from '../compose-payments.ts';
import type { FraudParts } from '../compose-fraud.ts';
import type { Job } from '../jobs.ts';
import { ownerOf, type Surroundings } from './surroundings.ts';

export interface OtherSignalsDeps {
  readonly fraud: Pick<FraudParts, 'onChange' | 'onEvasion' | 'keySuspects'>;
  readonly payments: Pick<PaymentParts, 'onDisputed'>;
  readonly surroundings: Pick<Surroundings, 'firmlyLinked' | 'operatorOf'>;
  readonly follow: Pick<Follow, 'raise'>;
  readonly clock: Clock;
  readonly onFault: (what: string, error: unknown) => void;
}

/** Accounts that hold together firmly enough to be called a farm. */
const FARM_MIN = 10;
const FARM_BITS = 24;
/** Farms and keys that were told of; each again after a day. */
const TOLD_MAX = 20_000;
const DAY_MS = 86_400_000;
const SUSPECTS_MAX = 50;
const LOOK_EVERY_MS = 600_000;

/** What others than moderation notice, as signals: farms, people who come back, keys that are resold, payments taken back. None is sure. */
export function hearOthers(deps: OtherSignalsDeps): Job {
  const { fraud, payments, surroundings, follow, clock, onFault } = deps;
  const told = new Map<string, number>();

  function isNew(what: string): boolean {
    const nowMs = clock.wallMs();
    if ((told.get(what) ?? 0) > nowMs) return false;
    if (told.size >= TOLD_MAX) told.clear();
    told.set(what, nowMs + DAY_MS);
    return true;
  }
  async function raise(accountId: string, said: { conduct: Conduct; confidence: number; by: string; keyId?: string }) {
    const { conduct, confidence, by: sourceVersion, keyId = null } = said;
    const source = SOURCES[conduct] ?? 'fraud';
    const owner = { ...ownerOf(accountId), keyId };
    await follow.raise({ atMs: clock.wallMs(), source, sourceVersion, conduct, confidence, owner });
  }
  const quietly = (what: string, work: Promise<void>) => void work.catch((error: unknown) => onFault(what, error));

  fraud.onEvasion(({ accountId, tier, bits }) => {
    if (tier !== 'likely') return;
    const confidence = Math.min(0.9, 1 - 2 ** -(bits / 8));
    quietly('take in that somebody came back', raise(accountId, { conduct: 'evasion', confidence, by: 'evasion@1' }));
  });
  fraud.onChange(({ kind, accounts }) => {
    const [accountId] = accounts;
    if (kind !== 'merged' || accountId === undefined) return;
    const [first = accountId] = surroundings.operatorOf(accountId);
    if (surroundings.firmlyLinked(accountId, FARM_BITS) < FARM_MIN || !isNew(`farm ${first}`)) return;
    quietly(
      'take in that accounts are one farm',
      raise(accountId, { conduct: 'fraud', confidence: 0.8, by: 'farm@1' }),
    );
  });
  payments.onDisputed((accountId) => raise(accountId, { conduct: 'fraud', confidence: 0.5, by: 'dispute@1' }));
  return {
    name: 'look for keys that are resold',
    everyMs: LOOK_EVERY_MS,
    async run() {
      for (const { keyId, accountId } of fraud.keySuspects(SUSPECTS_MAX)) {
        if (!isNew(`key ${keyId}`)) continue;
        await raise(accountId, { conduct: 'resale', confidence: 0.5, by: 'key-sharing@1', keyId });
      }
    },
  };
}

/** Fraud tells of all others. */
const SOURCES: Partial<Record<Conduct, 'metering'>> = { resale: 'metering' };
