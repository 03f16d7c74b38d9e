export type * from './generation.ts';
export type * from './provider.ts';
export { ProviderFault } from './provider.ts';
