import type { Hono } from 'hono';
import { createAudit } from '../../audit/audit.ts';
import type { Signer } from '../../audit/signing.ts';
import type { Clock } from '../../base/clock.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { countAppeals } from '../appeals/store.ts';
import { SignalStore } from '../signals/store.ts';
import { createDecisions } from './decisions.ts';
import { decisionRoutes } from './routes.ts';

export interface FolderDecisionsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly signer: Signer;
}

/** Decisions, the record and what is published of them, of a folder no service runs on: nothing is decided there. */
export function folderDecisionRoutes({
  storage,
  clock,
  signer,
}: FolderDecisionsDeps): Hono<{ Variables: ControlVariables }> {
  const { reader } = storage;
  const audit = createAudit({ storage, clock, signer });
  const notify = () => Promise.reject(new Error('nobody is told of a decision while no service runs'));
  const decisions = createDecisions({ storage, clock, audit, notify, onFault: () => undefined });
  const signals = new SignalStore(reader);
  return decisionRoutes({
    decisions,
    audit,
    reader,
    clock,
    countAppeals: (fromMs, toMs) => countAppeals(reader, fromMs, toMs),
    countSignals: (fromMs, toMs) => signals.countBySource(fromMs, toMs),
  });
}
