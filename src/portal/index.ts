export type { Belonging, DeclaredApp, Member, Membership } from './belonging.ts';
export { portalControlApi } from './control-api.ts';
export { createPortal, type PortalDeps } from './portal.ts';
export { portalRedressApi } from './redress/control-api.ts';
export { type ContestDeps, contestRoutes } from './redress/contest-routes.ts';
export type { RedressDeps } from './redress/redress.ts';
export { portalRedressRoutes } from './redress/routes.ts';
