import type { ControlRoute } from '../http/control-api.ts';
import { portalBillingApi } from './billing/control-api.ts';
import { portalKeyApi } from './keys/control-api.ts';
import { portalModelApi } from './models/control-api.ts';
import { portalStandingApi } from './standing/control-api.ts';
import { portalUsageApi } from './usage/control-api.ts';

/** What somebody may ask of an account they belong to. */
export const portalControlApi: readonly ControlRoute[] = [
  ...portalKeyApi,
  ...portalUsageApi,
  ...portalBillingApi,
  ...portalStandingApi,
  ...portalModelApi,
];
