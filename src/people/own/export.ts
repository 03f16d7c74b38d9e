import { toIso } from '../../base/calendar.ts';
import { readNetworks } from '../network-store.ts';
import type { Person } from '../person.ts';
import type { Exporter } from '../seams.ts';
import { toPersonView, toSessionListView } from '../views.ts';
import type { WayDeps } from '../way.ts';

/** Everything that is kept of a person, for the file they take away. */
export async function exportOf(deps: WayDeps, exporters: readonly Exporter[], person: Person, sessionId: string) {
  const parts: Record<string, unknown> = {};
  for (const { name, export: exportThere } of exporters) parts[name] = await exportThere(person.id);
  return {
    exported_at: toIso(deps.clock.wallMs()),
    person: {
      ...(await toPersonView(deps, person)),
      sessions: toSessionListView(await deps.sessions.list(person.id), sessionId).data,
      networks: await readNetworks(deps.reader, person.id),
    },
    parts,
  };
}
