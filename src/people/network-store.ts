import type { Reader } from '../storage/sql/storage.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';

type NetworkTables = { person_network: { person_id: string; network_prefix: string; seen_at_ms: number } };

/** Networks remembered of one person. */
const NETWORKS_MAX = 20;

/** Networks somebody signed in from, the latest first. */
export async function readNetworks(reader: Reader, personId: string): Promise<string[]> {
  const rows = await reader
    .withTables<NetworkTables>()
    .selectFrom('person_network')
    .select('network_prefix')
    .where('person_id', '=', personId)
    .orderBy('seen_at_ms', 'desc')
    .limit(NETWORKS_MAX)
    .execute();
  return rows.map((row) => row.network_prefix);
}

/** Remembers a network, and forgets those seen longest ago beyond the most there may be. */
export function rememberNetwork(personId: string, prefix: string, atMs: number): WriteStatement[] {
  return [
    {
      sql: 'insert or replace into person_network (person_id, network_prefix, seen_at_ms) values (?, ?, ?)',
      parameters: [personId, prefix, atMs],
    },
    {
      sql: `delete from person_network where person_id = ? and network_prefix in (select network_prefix from person_network
        where person_id = ? order by seen_at_ms desc limit -1 offset ?)`,
      parameters: [personId, personId, NETWORKS_MAX],
    },
  ];
}

export function dropNetworks(personId: string): WriteStatement {
  return { sql: 'delete from person_network where person_id = ?', parameters: [personId] };
}
