import { BugError } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Nano } from '../../base/money.ts';
import type { Hold, Ledger, Step } from '../../ledger/index.ts';
import {
  closeStatements,
  type OpenRequest,
  openStatements,
  progressStatements,
  refuseStatements,
  type Settled,
  type UsageEvent,
} from '../../metering/index.ts';
import { failPoint } from '../../runtime/fail-point.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { Writer, WriteStatement } from '../../storage/sql/writer.ts';
import { type Bill, isEstimate, type Owed } from './bill.ts';
import { createLateSettlements, type LateSettlement, type LateSettlements } from './late-settlements.ts';

/** A request's end in money, decided in memory and not yet on the disk. */
export interface Closing extends Step {
  readonly settled: Settled;
}

/**
 * Writes each transition of a request as one unit: its record, its hold and its budgets change together or not at all.
 * Methods that return a promise reject with `StorageFault`; what memory had set aside for the step is then undone.
 */
export interface Books {
  /** Durable once this resolves; only then may a byte go upstream. */
  open(request: OpenRequest, bill: Bill): Promise<void>;
  /** Makes an extension durable, with the output noted that was seen so far. */
  extend(id: string, steps: readonly Step[], outputTokens: number): Promise<void>;
  /**
   * Ends the request's hold and budgets in memory; `keep` must follow in the same turn. `also` is written in the same
   * unit: what other parts have to say of the request.
   */
  settle(id: string, bill: Bill, owed: Owed, also?: readonly WriteStatement[]): Closing;
  /** Durable once this resolves. */
  keep(event: UsageEvent, closing: Closing): Promise<void>;
  /** Settles in the background, again and again until it is kept: what could not be kept is not owed for ever. */
  keepLater(settlement: LateSettlement): void;
  /** Records a request that asked no model: it was not let in, or what it asks needs none. */
  refuse(event: UsageEvent): Promise<void>;
  /** Notes the output so far, for the record the request gets if the process dies. Waits for nothing. */
  progress(id: string, outputTokens: number): void;
  /** Whether a settlement of this request still waits to be kept. */
  isLate(id: string): boolean;
  /** What is set aside for requests in progress. */
  held(): Nano;
  close(): void;
}

export interface BooksDeps {
  readonly storage: Pick<Storage, 'writer'>;
  readonly ledger: Pick<Ledger, 'bookCost'>;
  readonly clock: Clock;
  readonly onFault: (what: string, error: unknown, requestId: string) => void;
  /** Hears of every usage event once, when it is durable. Must not throw, and costs its caller what it takes. */
  readonly onEvent: (event: UsageEvent) => void;
}

const NO_STEPS: readonly Step[] = [];

export function createBooks({ storage, ledger, clock, onFault, onEvent }: BooksDeps): Books {
  const { writer } = storage;
  const holds = new Map<string, Hold>();
  const settle: Books['settle'] = (id, bill, owed, also = []) => closingOf(id, bill, owed, also, ledger);
  const keep: Books['keep'] = async (event, closing) => {
    failPoint('settle:before_write');
    await write(writer, [...closeStatements(event), ...closing.statements], [closing], event.id);
    holds.delete(event.id);
    failPoint('settle:after_write');
    onEvent(event);
  };
  const late: LateSettlements = createLateSettlements({
    async attempt({ event, bill, owed, also, onKept }) {
      const closing = settle(event.id, bill, owed, also);
      await keep({ ...event, ...closing.settled }, closing);
      onKept();
    },
    onFault,
  });
  return {
    async open(request, { hold, take }) {
      const steps: Step[] = [];
      if (hold) steps.push(hold.open);
      if (take) steps.push(take.open);
      failPoint('open:before_write');
      await write(writer, [...openStatements(request), ...statementsOf(steps)], steps, request.id);
      if (hold) holds.set(request.id, hold);
      failPoint('open:after_write');
    },
    async extend(id, steps, outputTokens) {
      const noted = progressStatements(id, outputTokens, clock.wallMs());
      failPoint('extend:before_write');
      await write(writer, [...statementsOf(steps), ...noted], steps, id);
      failPoint('extend:after_write');
    },
    settle,
    keep,
    keepLater: (settlement) => late.add(settlement),
    async refuse(event) {
      await write(writer, refuseStatements(event), NO_STEPS, event.id);
      onEvent(event);
    },
    progress(id, outputTokens) {
      // A checkpoint that is lost costs precision after a crash; a store that fails says so when the request closes.
      writer.write(progressStatements(id, outputTokens, clock.wallMs())).then(
        () => failPoint('progress:after'),
        () => undefined,
      );
    },
    isLate: (id) => late.has(id),
    held: () => [...holds.values()].reduce((sum, hold) => sum + hold.held(), 0n),
    close: () => late.close(),
  };
}

/** One unit, and every step told what became of it. */
async function write(
  writer: Writer,
  unit: readonly WriteStatement[],
  steps: readonly Step[],
  id: string,
): Promise<void> {
  let kept = false;
  try {
    const outcome = await writer.write(unit);
    if (!outcome.ok) {
      const { statement, reason } = outcome.refusal;
      throw new BugError(`the record of ${id} was refused (statement ${statement}, ${reason})`);
    }
    kept = true;
  } finally {
    for (const step of steps) step.kept(kept);
  }
}

function statementsOf(steps: readonly Step[]): readonly WriteStatement[] {
  return steps.length === 1 ? (steps[0]?.statements ?? []) : steps.flatMap((step) => step.statements);
}

function closingOf(
  id: string,
  bill: Bill,
  { charge, priceId }: Owed,
  also: readonly WriteStatement[],
  ledger: BooksDeps['ledger'],
): Closing {
  const held = bill.hold?.settle(charge) ?? null;
  const priceNano = charge?.price ?? 0n;
  const counted = bill.take?.settle(priceNano) ?? null;
  const cost = charge?.cost ?? null;
  const statements: WriteStatement[] = [...also];
  if (held) statements.push(...held.statements);
  else if (cost !== null && cost > 0n) statements.push(...ledger.bookCost(id, cost));
  if (counted) statements.push(...counted.statements);
  return {
    statements,
    settled: {
      priceId,
      priceEstimated: priceId !== null && isEstimate(priceId),
      priceNano,
      writtenOffNano: held?.writtenOff ?? 0n,
      costNano: cost,
    },
    kept(wasKept) {
      held?.kept(wasKept);
      counted?.kept(wasKept);
    },
  };
}
