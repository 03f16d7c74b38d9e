export type { Account } from './account.ts';
export { accountRoutes } from './account-routes.ts';
export { accountControlApi, keyControlApi } from './control-api.ts';
export { KEY_SCOPES, OPERATOR_ACCOUNT_ID, rotateKeyBody } from './contract.ts';
export { type AccountRefusal, type Accounts, createAccounts } from './accounts.ts';
export type { ApiKey, KeyRefusal, KeyScope } from './key.ts';
export type { KeyChange } from './key-table.ts';
export { createKeys, type IssuedKey, type KeyActionRefusal, type Keys } from './keys.ts';
export { accountKind } from './migrations/2026-11-22-accounts-kind.ts';
export { keyMember } from './migrations/2026-11-22-accounts-key-member.ts';
export { accountsAndKeys } from './migrations/2026-11-22-accounts-and-keys.ts';
export { keyAllowsNetwork } from './network.ts';
export { keyRoutes, toKeyView } from './routes.ts';
export { accountsStanding } from './migrations/2026-11-22-accounts-standing.ts';
export { standingControlApi } from './standing/control-api.ts';
export { standingRoutes } from './standing/routes.ts';
export { createStanding } from './standing/standing.ts';
export type {
  Closed,
  CutOffReceipt,
  Standing,
  StandingRefusal,
  Stop,
  StopCause,
  StopOrder,
  StopSubject,
} from './standing/stop.ts';
export { catches } from './standing/stop-table.ts';
export { openStopTable } from './standing/open-stop-table.ts';
