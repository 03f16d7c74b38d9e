import { smaller } from '../../base/money.ts';
import { type Budgets, chargeOf, type Ledger, type LeftHold, type PriceBook } from '../../ledger/index.ts';
import { type LeftOpen, type Metering, recoveredEvent } from '../../metering/index.ts';
import { failPoint } from '../../runtime/fail-point.ts';
import { type Bill, NOTHING_OWED, type Owed } from './bill.ts';
import type { Books } from './books.ts';

export interface RecoveryDeps {
  readonly metering: Metering;
  readonly ledger: Pick<Ledger, 'leftHolds' | 'renew'>;
  readonly prices: Pick<PriceBook, 'ratesOf'>;
  readonly budgets: Pick<Budgets, 'left'>;
  readonly books: Books;
  readonly onFault: (what: string, error: unknown, requestId: string) => void;
}

/** Ends what nobody will end any more: requests whose process died, and holds that their request lost. */
export interface Recovery {
  /** At boot, before anything is served: gives every request that is still open its record; returns how many. */
  recover(): Promise<number>;
  /** Later: settles holds whose time is past and of which no live request knows, and renews the others. */
  sweep(isLive: (requestId: string) => boolean): Promise<void>;
}

const ROWS_AT_ONCE = 500;
/** More than can be in flight. */
const LEFT_HOLDS_MAX = 100_000;

export function createRecovery({ metering, ledger, prices, budgets, books, onFault }: RecoveryDeps): Recovery {
  /** The record and the settlement of each of these, one unit for one request. */
  async function end(left: readonly LeftOpen[], holds: ReadonlyMap<string, LeftHold>): Promise<void> {
    const takes = await budgets.left(left.map((one) => one.id));
    await Promise.all(
      left.map((one) => {
        failPoint('recovery:each');
        const hold = holds.get(one.id)?.hold ?? null;
        const bill: Bill = {
          ...NO_QUOTE,
          marginBp: one.marginBp,
          images: one.images,
          hold,
          take: takes.get(one.id) ?? null,
        };
        const event = recoveredEvent(one);
        const closing = books.settle(one.id, bill, hold === null ? NOTHING_OWED : owedFor(one, event, hold.held()));
        return books.keep({ ...event, ...closing.settled }, closing);
      }),
    );
  }

  /**
   * The prompt, the output as it was last noted and half of what is noted at a time, never more than is held. The
   * upstream is asked in the moment in which a request becomes open, so what is open was asked.
   */
  function owedFor(left: LeftOpen, event: ReturnType<typeof recoveredEvent>, held: bigint): Owed {
    const rates = left.priceId === null ? null : prices.ratesOf(left.priceId);
    if (rates === null || left.endpoint === 'messages.count_tokens') return NOTHING_OWED;
    const usage = {
      inputTokens: event.inputTokens ?? 0,
      cachedInputTokens: 0,
      cacheWriteTokens: 0,
      outputTokens: event.outputTokens ?? 0,
      reasoningTokens: 0,
    };
    const { images, marginBp } = left;
    const charge = chargeOf({ usage, images, rates, marginBp, cost: null });
    const price = smaller(charge.price, held);
    const rounding = price === charge.price ? charge.rounding : 0n;
    return { charge: { price, rounding, cost: null }, priceId: left.priceId };
  }

  return {
    async recover() {
      const holds = mapById(await ledger.leftHolds(LEFT_HOLDS_MAX));
      let recovered = 0;
      for (;;) {
        const left = await metering.leftOpen(ROWS_AT_ONCE);
        await end(left, holds);
        recovered += left.length;
        if (left.length < ROWS_AT_ONCE) return recovered;
      }
    },

    async sweep(isLive) {
      const past = await ledger.leftHolds(ROWS_AT_ONCE);
      const alive = past.filter(({ id }) => isLive(id) || books.isLate(id)).map(({ id }) => id);
      if (past.length > 0) failPoint('sweep');
      if (alive.length > 0) await ledger.renew(alive);
      const dead = mapById(past.filter(({ id }) => !alive.includes(id)));
      const left = await metering.open([...dead.keys()]);
      await end(left, dead);
      for (const { id } of left) dead.delete(id);
      for (const id of dead.keys()) onFault('settle a hold', new Error('its request is not open'), id);
    },
  };
}

const NO_QUOTE = { quote: null, coveredOutput: Infinity, outputLimit: Infinity, short: false };

function mapById(holds: readonly LeftHold[]): Map<string, LeftHold> {
  return new Map(holds.map((one) => [one.id, one]));
}
