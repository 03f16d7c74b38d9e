export type * from './generation.ts';
export type * from './provider.ts';
export { type Collector, collect, createCollector } from './collect.ts';
export { ProviderFault } from './provider.ts';
