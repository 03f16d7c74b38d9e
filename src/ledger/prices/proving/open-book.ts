import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMintId } from '../../../base/ids.ts';
import { systemRandom } from '../../../base/random.ts';
import type { PricingConfig } from '../../../config/pricing.ts';
import { openStorage, type Storage } from '../../../storage/sql/storage.ts';
import type { PriceBook } from '../../price.ts';
import { createPriceBook } from '../book.ts';
import { ledgerPrice } from '../migrations/2026-11-22-ledger-price.ts';

const POLICY: PricingConfig = { unpriced: 'refuse', estimate: null, defaultMarginBp: 0, holdWaitMs: 0 };

export interface OpenedBook {
  readonly book: PriceBook;
  readonly storage: Storage;
  /** What was said of models without a price. */
  readonly alarms: readonly (readonly [model: string, estimated: boolean])[];
  readonly folder: string;
}

/** Price books over real databases in temporary folders, under a clock that stands until it is set. */
export function createBooks() {
  const clock = { now: 1_800_000_000_000, wallMs: () => clock.now, monoMs: () => clock.now };
  const folders: string[] = [];
  const storages: Storage[] = [];

  function newFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'candor-prices-'));
    folders.push(folder);
    return folder;
  }

  /** Opens a book; the provider `house` runs on this machine. */
  async function open(policy: Partial<PricingConfig> = {}, folder = newFolder()): Promise<OpenedBook> {
    const storage = await openStorage({
      dataDir: folder,
      migrations: [ledgerPrice],
      clock,
      random: systemRandom,
      onFatal: (fault) => {
        throw fault;
      },
    });
    storages.push(storage);
    const alarms: [model: string, estimated: boolean][] = [];
    const book = await createPriceBook({
      storage,
      clock,
      mintId: createMintId(clock, systemRandom),
      config: { pricing: { ...POLICY, ...policy }, providers: { house: { kind: 'demo', tokensPerSecond: 1 } } },
      onUnpriced: (model, estimated) => alarms.push([model, estimated]),
    });
    return { book, storage, alarms, folder };
  }

  async function close(storage: Storage): Promise<void> {
    storages.splice(storages.indexOf(storage), 1);
    await storage.close();
  }

  async function closeAll(): Promise<void> {
    for (const storage of storages.splice(0)) await storage.close();
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  return { clock, open, close, closeAll };
}
