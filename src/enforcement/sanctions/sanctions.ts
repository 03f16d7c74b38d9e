import type { Result } from '../../base/result.ts';
import { createLocks } from '../../ledger/index.ts';
import type { Bilingual } from '../decision.ts';
import type { Sanction, SanctionOrder, SanctionRefusal, Sanctions } from '../sanction.ts';
import { type Unit, unitKey } from '../unit.ts';
import type { Core, SanctionsDeps } from './deps.ts';
import { createEnding } from './end.ts';
import { createImposing } from './impose.ts';
import { followJoined } from './joining.ts';
import { applyDue, repair } from './keeping.ts';
import { previewOf } from './preview.ts';
import { refundDue } from './refunding.ts';
import { listSanctions, readCoolOffs, readFollowers, readOpen, type SanctionFilter } from './store.ts';
import { createSanctionTable, type HeldSanction, isFelt } from './table.ts';
import { createWaiting, type Waiting } from './waiting.ts';

export interface Preview {
  readonly refusal: SanctionRefusal | null;
  readonly untilMs: number | null;
  /** How many it falls on. */
  readonly accounts: number;
  readonly replaces: readonly string[];
  readonly notice: Bilingual;
  readonly redress: Bilingual;
}

/** Sanctions, with what only the console and the jobs of the service ask of them. */
export interface SanctionsPart extends Sanctions {
  get(sanctionId: string): Promise<HeldSanction | null>;
  inForce(unit: Unit): readonly HeldSanction[];
  /** Those that name this one as `linkedTo`. */
  followers(sanctionId: string): Promise<readonly HeldSanction[]>;
  list(
    filter: SanctionFilter,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<readonly HeldSanction[]>;
  /** What an order would do and what would be read of it; does nothing. */
  preview(order: SanctionOrder): Preview;
  /** An account came to an operator: it gets what the others were given as one. */
  joined(accountId: string): Promise<Sanction | null>;
  /** Steps that take two people. */
  readonly waiting: Waiting;
  /** What to do every second: carries out what was put off. Nothing ends by it. */
  tick(): Promise<void>;
}

/** Of one account in one answer, the newest first. */
const OF_ACCOUNT_MAX = 500;

/** Restores what is in force from the disk and repairs what a process that died left half done: before the first request. */
export async function openSanctions(deps: SanctionsDeps): Promise<SanctionsPart> {
  const { storage, clock } = deps;
  const { reader } = storage;
  const listeners = new Set<(sanction: Sanction) => void>();
  const table = createSanctionTable(clock);
  const core: Core = {
    ...deps,
    table,
    withLocks: createLocks(),
    tell: (sanction) => {
      for (const hear of listeners) hear(sanction);
    },
  };
  for (const sanction of await readOpen(reader, clock.wallMs())) table.put(sanction);
  for (const { unit, count } of await readCoolOffs(reader)) table.addCoolOffs(unitKey(unit), count);
  await repair(core);
  const imposing = createImposing(core);
  const ending = createEnding(core);

  function inForce(unit: Unit): readonly HeldSanction[] {
    const nowMs = clock.wallMs();
    return table.of(unit).filter((one) => isFelt(one, nowMs));
  }
  function list(filter: SanctionFilter, page: { readonly before: string | null; readonly limit: number }) {
    return listSanctions(reader, filter, { ...page, nowMs: clock.wallMs() });
  }

  return {
    impose: (order): Promise<Result<Sanction, SanctionRefusal>> => imposing.impose(order),
    end: ending.end,
    acknowledge: ending.acknowledge,
    inForce,
    ofAccount: (accountId) => list({ accountId }, { before: null, limit: OF_ACCOUNT_MAX }),
    get: ending.find,
    effectsOf: table.effectsOf,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    followers: (id) => readFollowers(reader, id),
    list,
    preview: (order) => previewOf(core, imposing, order),
    joined: (accountId) => followJoined(core, imposing, deps.decisions, accountId),
    waiting: createWaiting(core, imposing.impose),
    async tick() {
      await applyDue(core);
      await refundDue(core);
      table.prune();
    },
  };
}
