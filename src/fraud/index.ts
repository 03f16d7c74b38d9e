export { createNetworkLookup, type NetworkFacts, type NetworkLookup } from './evidence/network-lookup.ts';
export type { Agreement, Family, LaterFacts, SignupFacts } from './evidence.ts';
export { createLinkage, type LinkageOptions } from './linkage/create-linkage.ts';
export { LINKAGE_PARAMETERS, type LinkageParameters } from './linkage/parameters.ts';
export type { Link, Linkage, Linked, Operator } from './linkage.ts';
export type { VestingState } from './vesting.ts';
