export { peopleMigration } from './migrations/2026-11-22-people.ts';
export { createPeople, type People } from './people.ts';
export type { PersonCard } from './person.ts';
export type { Eraser, Exporter, SignUpFacts, SignUpHearers } from './seams.ts';
export { doorControlApi } from './door/control-api.ts';
export { doorControlRoutes } from './door/control-routes.ts';
export { createDoor, type DoorDeps, type ManagedDoor } from './door/create-door.ts';
export { doorPortalRoutes } from './door/portal-routes.ts';
export { peopleDoor } from './migrations/2026-11-22-people-door.ts';
