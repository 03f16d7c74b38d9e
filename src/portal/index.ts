export type { Belonging, DeclaredApp, Member, Membership } from './belonging.ts';
export { portalControlApi } from './control-api.ts';
export { createPortal, type PortalDeps } from './portal.ts';
