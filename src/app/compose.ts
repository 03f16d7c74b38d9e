import { tmpdir } from 'node:os';
import { keyRoutes, type Keys, standingRoutes } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { createPasswords } from '../credentials/passwords.ts';
import type { PathEnforcement, Reports, UpstreamNotice } from '../enforcement/index.ts';
import type { Gateway, Moderation, Redress } from '../gateway/index.ts';
import { type Control, createControl } from '../http/control.ts';
import { contentRoutes } from '../metering/index.ts';
import type { Provider } from '../providers/index.ts';
import { createStaff } from '../staff/index.ts';
import { createHashers } from '../runtime/hashers.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { StorageFault } from '../storage/sql/writer.ts';
import type { RunningTelemetry } from '../telemetry/create.ts';
import { composeAlerts } from './compose-alerts.ts';
import { composeConsole } from './compose-console.ts';
import { composeDoor } from './compose-door.ts';
import { composeExplore } from './compose-explore.ts';
import { composeMonitor } from './compose-monitor.ts';
import { composePortal } from './compose-portal.ts';
import { composeServing } from './compose-serving.ts';
import type { SiteFetch } from './site/site.ts';
import { CONTROL_API } from './control-api.ts';
import { countFirsts } from './count-firsts.ts';
import { composeReview } from './enforcement/compose-review.ts';
import { hearCards } from './follow-people.ts';
import { startJobs } from './jobs.ts';
import { createReportRunner, REPORT_COMMAND } from './console/report-child.ts';
import { reportRoutes } from './console/report-routes.ts';
import { systemRoutes } from './console/system-routes.ts';
import { createRoutes } from './routes.ts';
import { statusRoutes } from './status-routes.ts';
import { upkeepJobs } from './upkeep.ts';

export interface ComposeOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
  /** Takes one whole line of the log, its end included. */
  readonly writeLog: (line: string) => void;
  /** Logs for a person instead of a machine. */
  readonly readableLogs: boolean;
  /** The disk failed under a commit: nothing more can be recorded, so nothing more may be served. */
  readonly onFatal: (fault: StorageFault) => void;
  /** Upstreams by their configured names, in place of those the configuration describes. */
  readonly providers?: ReadonlyMap<string, Provider>;
  /** Who looks at prompts and replies, in place of what the configuration describes. */
  readonly moderation?: Moderation;
  /** Who holds people to the rules, and where they contest it, in place of what the store says. */
  readonly enforcement?: PathEnforcement;
  readonly redress?: Redress;
  readonly reports?: Pick<Reports, 'file'>;
  readonly upstreamNotice?: (notice: UpstreamNotice) => void;
  /** False while days are made up: their time runs ahead of the monitor, which no rule may take for a fault. True when left out. */
  readonly watched?: boolean;
}

/** Every domain, built by hand in import order. */
export interface App {
  readonly config: Config;
  readonly storage: Storage;
  readonly keys: Keys;
  readonly gateway: Gateway;
  readonly telemetry: RunningTelemetry;
  /** What the public listener answers. */
  readonly publicFetch: (request: Request, peerAddress: string | null) => Response | Promise<Response>;
  /** What the control socket answers. */
  readonly control: Control;
  /** What the console's listener answers; null where there is none. */
  readonly consoleFetch: SiteFetch | null;
  /** What the first owner of the console is made with; null when there is an owner. */
  setupToken(): Promise<string | null>;
  /** Ends the streams of whoever watches, which would keep a listener from closing. */
  endWatching(): void;
  /** Requests an earlier process left open, closed now. */
  readonly recovered: number;
  /** Closes everything; drain the gateway first. */
  close(): Promise<void>;
}

/** Builds all of it, or, when a part cannot be built, closes what was and throws. */
export async function compose(options: ComposeOptions): Promise<App> {
  const { config, clock, random } = options;
  await using opened = new AsyncDisposableStack();
  const serving = await composeServing(options, opened);
  const { storage, telemetry, keys, mintId, money, found, recovered, content, gateway, liveView } = serving;
  const { review, vested, fraud } = serving;
  const door = await composeDoor({ storage, clock, random, mintId }, config, config.fraud.networksFiles.length > 0);
  countFirsts({ door: door.door, keys, onUsage: serving.onUsage });
  money.payments.onCard(hearCards(fraud, vested.vesting, clock));
  const hashers = createHashers();
  opened.defer(() => hashers.close());
  const passwords = createPasswords({ hashers });
  const staff = createStaff({ storage, clock, random, mintId, config: config.console, passwords });
  const monitor = composeMonitor({ storage, clock, config, telemetry });
  const shared = { storage, clock, random, mintId, config, telemetry, staff };
  const explore = composeExplore({ ...shared, monitor, content, accounts: money.accounts, keys, apps: found.apps });
  const held = await composeReview({ config, clock, random, serving, staff, columns: monitor.columns }, opened);
  const portal = await composePortal({ ...options, serving, explore, held, staff, door: door.door, passwords });
  const alerts = await composeAlerts({ ...shared, monitor, apps: found.apps, money });
  const { metricsToken } = config.telemetry;
  const metricsText = () => telemetry.metricsText();
  const publicFetch = createRoutes({
    gateway,
    metricsText,
    metricsToken,
    stripeWebhook: money.payments.stripeWebhook,
    portal,
  });
  const known = { models: Object.keys(config.models), products: Object.keys(config.products) };
  const domains = [held, staff, ...(portal === null ? [] : [portal]), money, door.door, monitor, review, vested, fraud];
  const watching = options.watched === false ? [] : alerts.jobs;
  const jobs = startJobs(
    [...domains.flatMap((domain) => domain.jobs), ...watching, ...upkeepJobs(serving)],
    (name, error) => telemetry.fault(name, error),
  );
  opened.defer(() => jobs.stop());
  fraud.read();
  opened.defer(() => fraud.close());
  opened.defer(() => monitor.close());
  const routes = [
    staff.routes,
    keyRoutes(keys, clock, known),
    standingRoutes(serving.standing, clock),
    door.routes,
    statusRoutes(gateway, telemetry),
    reportRoutes(createReportRunner({ dataDir: config.server.dataDir, folder: tmpdir(), command: REPORT_COMMAND })),
    systemRoutes({ ...options, accounts: money.accounts, keys, prices: money.prices, described: CONTROL_API }),
    contentRoutes(content, (id) => money.accounts.get(id) !== null, held.mayReadAlone),
    liveView.routes,
    ...monitor.routes,
    ...explore.routes,
    alerts.routes,
    review.routes,
    ...held.routes,
    vested.routes,
    ...fraud.routes,
    found.routes,
    ...money.routes,
  ];
  const onControlFault = (error: unknown) => telemetry.fault('answer a control request', error);
  const control = createControl({ routes, described: CONTROL_API, guard: staff, onFault: onControlFault });
  const consoleFetch = composeConsole(config, control, random);
  const running = opened.move();
  const close = () => running.disposeAsync();
  const { setupToken } = staff;
  const served = { publicFetch, control, consoleFetch, setupToken, endWatching: liveView.close };
  return { config, storage, keys, gateway, telemetry, ...served, recovered, close };
}
