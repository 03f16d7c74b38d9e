import { alertsControlApi } from '../alerts/index.ts';
import { accountControlApi, keyControlApi, standingControlApi } from '../accounts/index.ts';
import { linkageControlApi, resaleControlApi, simulationReportControlApi, vestingControlApi } from '../fraud/index.ts';
import {
  appealControlApi,
  casesControlApi,
  decisionsControlApi,
  enforcementSimulationControlApi,
  harmControlApi,
  rulesControlApi,
  sanctionsControlApi,
  signalsControlApi,
  upstreamControlApi,
} from '../enforcement/index.ts';
import type { ControlRoute } from '../http/control-api.ts';
import { ledgerControlApi } from '../ledger/index.ts';
import {
  appControlApi,
  columnsControlApi,
  contentControlApi,
  exploreControlApi,
  liveControlApi,
} from '../metering/index.ts';
import { moderationControlApi } from '../moderation/index.ts';
import { doorControlApi } from '../people/index.ts';
import { staffControlApi } from '../staff/index.ts';
import { statusControlApi } from './console/control-api.ts';
import { reportControlApi } from './console/report-control-api.ts';

/** What can be asked of a data folder, whether or not a service runs on it. */
export const FOLDER_API: readonly ControlRoute[] = [
  ...accountControlApi,
  ...keyControlApi,
  ...standingControlApi,
  ...doorControlApi,
  ...ledgerControlApi,
  ...appControlApi,
  ...columnsControlApi,
  ...moderationControlApi,
  ...decisionsControlApi,
];

/** Every route of the control API, in the order of the documentation. */
export const CONTROL_API: readonly ControlRoute[] = [
  ...staffControlApi,
  ...exploreControlApi,
  ...liveControlApi,
  ...contentControlApi,
  ...alertsControlApi,
  ...FOLDER_API,
  ...vestingControlApi,
  ...linkageControlApi,
  ...resaleControlApi,
  ...simulationReportControlApi,
  ...casesControlApi,
  ...appealControlApi,
  ...signalsControlApi,
  ...sanctionsControlApi,
  ...rulesControlApi,
  ...harmControlApi,
  ...upstreamControlApi,
  ...enforcementSimulationControlApi,
  ...reportControlApi,
  ...statusControlApi,
];
