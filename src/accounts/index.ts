export type { ApiKey, KeyRefusal, KeyScope } from './key.ts';
export type { KeyChange } from './key-table.ts';
export { createKeys, type IssuedKey, type KeyActionRefusal, type Keys } from './keys.ts';
export { accountsAndKeys } from './migrations/2026-11-22-accounts-and-keys.ts';
export { keyAllowsNetwork } from './network.ts';
export { keyRoutes } from './routes.ts';
