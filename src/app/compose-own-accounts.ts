import { tmpdir } from 'node:os';
import type { Hono } from 'hono';
import { createAttempts } from '../credentials/attempts.ts';
import { ok, refuse } from '../base/result.ts';
import type { Clock } from '../base/clock.ts';
import type { Config } from '../config/config.ts';
import type { ControlVariables } from '../http/control-api.ts';
import { statementView } from '../ledger/index.ts';
import { type Belonging, createPortal, type PortalDeps } from '../portal/index.ts';
import type { ExploreParts } from './compose-explore.ts';
import type { composeServing } from './compose-serving.ts';
import { createReportRunner, REPORT_COMMAND } from './console/report-child.ts';

export interface ComposeOwnAccountsOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly explore: Pick<ExploreParts, 'deps'>;
  readonly belonging: Belonging;
  readonly isOffered: PortalDeps['isOffered'];
  readonly vesting: PortalDeps['vesting'];
}

/** What people see of the accounts they belong to and do in them, from every domain. */
export function composeOwnAccounts(
  options: ComposeOwnAccountsOptions,
): readonly Hono<{ Variables: ControlVariables }>[] {
  const { config, clock, serving, explore, belonging, isOffered, vesting } = options;
  const { storage, keys, standing, money, gateway } = serving;
  return createPortal({
    ...money,
    config,
    clock,
    reader: storage.reader,
    attempts: createAttempts(clock, ATTEMPT_KEYS_MAX),
    keys,
    standing,
    belonging,
    payments: money.payments.payments,
    isOffered,
    vesting,
    explore: explore.deps,
    limitsNow: gateway.limitsNow,
    statement: statementMaker(config.server.dataDir),
  });
}

/** Three for each of the accounts that ask within a day. */
const ATTEMPT_KEYS_MAX = 100_000;

/** By the verb of the command line, in a process of its own: beside those that operators ask for. */
function statementMaker(dataDir: string): PortalDeps['statement'] {
  const runner = createReportRunner({ dataDir, folder: tmpdir(), command: REPORT_COMMAND });
  return async function make(accountId, month, gone) {
    const made = await runner.show(['statement', '--account', accountId, '--month', month], gone);
    if (made.ok) return ok(statementView.parse(JSON.parse(made.value)));
    if (made.refusal.reason === 'report_refused') {
      return refuse({
        status: 409,
        reason: 'no_statement',
        message: 'there is no statement: this account never had any credit',
      });
    }
    return refuse({
      status: 503,
      reason: made.refusal.reason,
      message: 'statements cannot be made now; try again in a moment',
    });
  };
}
