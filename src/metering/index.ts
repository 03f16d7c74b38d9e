import { meteringApps } from './migrations/2026-11-22-metering-apps.ts';
import { meteringContent } from './migrations/2026-11-22-metering-content.ts';
import { meteringEvents } from './migrations/2026-11-22-metering-events.ts';
import { meteringFeed } from './migrations/2026-11-22-metering-feed.ts';
import { meteringMoney } from './migrations/2026-11-22-metering-money.ts';
import { meteringVerdicts } from './migrations/2026-11-22-metering-verdicts.ts';
import { meteringViews } from './migrations/2026-11-22-metering-views.ts';

export { appControlApi } from './apps/control-api.ts';
export { createDiscovery, type Discovery } from './apps/discovery.ts';
export { type Apps, createApps } from './apps/registry.ts';
export { appRoutes } from './apps/routes.ts';
export { readFamilySights } from './apps/store.ts';
export { auditMetering } from './audit.ts';
export { createCarrier } from './columns/carrier.ts';
export { columnsControlApi } from './columns/control-api.ts';
export { columnsRoutes } from './columns/routes.ts';
export { EVENT_COLUMN_TYPES, HASHED_COLUMNS } from './columns/schema.ts';
export { type CapturedContent, type CaptureTerms, createContent } from './content/content.ts';
export type { Access as ContentAccess } from './content/store.ts';
export { contentControlApi } from './content/control-api.ts';
export { contentRoutes } from './content/routes.ts';
export type * from './event.ts';
export { askColumns, refuseProblem } from './explore/answers.ts';
export { answerAsCsv } from './explore/answer-table.ts';
export { ask as askUsage } from './explore/ask.ts';
export { toCsv } from './explore/csv.ts';
export { eventRowOf } from './explore/detail.ts';
export type { AppNames } from './explore/event-row.ts';
export { type EventsDeps, listEvents } from './explore/events.ts';
export { questionProblem, spanProblem } from './explore/limits.ts';
export { namesIn, thingsOf } from './explore/names-in.ts';
export type * from './explore/contract.ts';
export { exploreControlApi } from './explore/control-api.ts';
export { createExports } from './explore/export.ts';
export { exportRoutes } from './explore/export-routes.ts';
export { type ExploreDeps, exploreRoutes } from './explore/routes.ts';
export { USAGE_ROLL_UPS } from './explore/roll-ups.ts';
export { viewRoutes } from './explore/view-routes.ts';
export { createSavedViews } from './explore/views.ts';
export { whoRoutes } from './explore/who-routes.ts';
export { LIVE_WATCHERS_MAX } from './live/contract.ts';
export { liveControlApi } from './live/control-api.ts';
export { createLatencyHistogram, type LatencyHistogram, quantilesOf } from './live/latency-histogram.ts';
export { createLive, type Live } from './live/live.ts';
export { liveRoutes } from './live/routes.ts';
export { createWatchers } from './live/watchers.ts';
export { createMetering, type Metering } from './metering.ts';
export { recoveredEvent, type Settled } from './recovered-event.ts';
export {
  closeStatements,
  type LeftOpen,
  openStatements,
  progressStatements,
  readUsageEvent,
  refuseStatements,
} from './store.ts';
export { createUsageRecords } from './usage-records.ts';

export const meteringMigrations = [
  meteringApps,
  meteringEvents,
  meteringMoney,
  meteringContent,
  meteringFeed,
  meteringVerdicts,
  meteringViews,
];
