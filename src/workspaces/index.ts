export { workspacesPortalApi } from './portal-api.ts';
