import type { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import { createLine } from '../base/line.ts';
import type { Random } from '../base/random.ts';
import type { MailConfig } from '../config/mail.ts';
import type { ControlVariables } from '../http/control-api.ts';
import type { Outbound } from '../http/outbound.ts';
import type { Freshness } from '../metering/index.ts';
import { loadSecretFile } from '../storage/secret-file.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { createChannels } from './delivery/channels.ts';
import { createDeliver } from './delivery/deliver.ts';
import { createMail } from '../mail/send-mail.ts';
import { createSeal } from './delivery/seal.ts';
import { createSend } from './delivery/send.ts';
import { pruneDeliveries } from './delivery/store.ts';
import { createEvaluate } from './evaluate.ts';
import { createIncidents } from './incidents/incidents.ts';
import { pruneIncidents } from './incidents/store.ts';
import { alertRoutes } from './routes.ts';
import { createMonitorLook } from './rules/observe.ts';
import type { MoneySource } from './rules/observe-money.ts';
import type { MeasureUsage } from './rules/observe-usage.ts';
import { previewRule } from './rules/preview.ts';
import { createRules } from './rules/rules.ts';

export interface AlertsDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  /** Asks the explorer. */
  readonly measure: MeasureUsage;
  /** Says how far the monitor is; null: it is switched off. */
  readonly freshness: (() => Freshness) | null;
  readonly money: MoneySource;
  readonly outbound: Outbound;
  /** Null: alerts cannot go to mail. */
  readonly mail: MailConfig | null;
  readonly onFault: (where: string, error: unknown) => void;
  /** Hears of messages that were given up after their last try. */
  readonly onDead: (channelId: string, error: string) => void;
}

export interface Alerts {
  /** Of the control API. */
  readonly routes: Hono<{ Variables: ControlVariables }>;
  /** Looks at every rule whose time has come; to be called every 15 seconds. */
  evaluate(): Promise<void>;
  /** Sends what waits; to be called every few seconds. */
  deliver(): Promise<void>;
  /** Forgets old messages and incidents that were resolved long ago; to be called every hour. */
  prune(): Promise<void>;
}

const SEAL_FILE = 'alert-channels.key';
const DAY_MS = 86_400_000;
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
const INCIDENTS_KEPT_MS = 400 * DAY_MS;
const PRUNE_ROWS_MAX = 5_000;

export async function createAlerts(deps: AlertsDeps): Promise<Alerts> {
  const { storage, clock, random, mail, outbound, measure } = deps;
  const { reader } = storage;
  const inLine = createLine();
  const seal = createSeal(loadSecretFile(storage.dataDir, SEAL_FILE, random), random);
  const send = createSend({ clock, outbound, mail: mail && createMail(mail) });
  const mailConfigured = mail !== null;
  const rules = await createRules({ ...deps, inLine });
  const channels = createChannels({ ...deps, inLine, seal, send, mailConfigured });
  const incidents = createIncidents({ ...deps, inLine });
  const evaluate = createEvaluate({
    ...deps,
    reader,
    seal,
    inLine,
    budgetOf: (id) => deps.money.budgets().find((budget) => budget.id === id) ?? null,
    onFault: (error) => deps.onFault('look at an alert rule', error),
  });
  const lookAtMonitor = createMonitorLook(deps);
  const { standing } = evaluate;
  return {
    routes: alertRoutes({
      reader,
      clock,
      rules,
      channels,
      incidents,
      standing,
      mailConfigured,
      async preview(condition, groupBy) {
        const monitor = lookAtMonitor();
        return previewRule(condition, groupBy, monitor, clock.wallMs(), measure).catch(() =>
          previewRule(condition, groupBy, { ...monitor, untilMs: null }, clock.wallMs(), measure),
        );
      },
    }),
    evaluate: () => evaluate.run(),
    deliver: createDeliver({ ...deps, seal, send }),
    async prune() {
      const nowMs = clock.wallMs();
      await storage.writer.write([
        pruneDeliveries(nowMs - DELIVERIES_KEPT_MS, PRUNE_ROWS_MAX),
        pruneIncidents(nowMs - INCIDENTS_KEPT_MS, PRUNE_ROWS_MAX),
      ]);
    },
  };
}
