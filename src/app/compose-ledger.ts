import type { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import type { Job } from './jobs.ts';

export interface ComposeLedgerOptions {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  /** Null over a folder no service runs on: then nothing is known of models, products and plans. */
  readonly config: Config | null;
  /** Null where nobody listens; then nothing runs in the background either. */
  readonly telemetry: Telemetry | null;
}

/** The parts of the ledger, for a service and for the control API over a folder alike. */
export interface LedgerParts {
  /** Of the control API. */
  readonly routes: readonly Hono[];
  /** To be started by a service, after recovery. */
  readonly jobs: readonly Job[];
  close(): void;
}

export async function composeLedger(_options: ComposeLedgerOptions): Promise<LedgerParts> {
  const routes: Hono[] = [];
  const jobs: Job[] = [];
  await Promise.resolve();
  return { routes, jobs, close: () => undefined };
}
