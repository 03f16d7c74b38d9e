/** Steps that take two people: said by the first, kept until a second one confirms or drops it. */
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { Sanction, SanctionOrder, SanctionRefusal } from '../sanction.ts';
import type { SanctionsDeps } from './deps.ts';

/** An order that waits for the second person. */
export interface WaitingOrder {
  /** `wait_<ulid>` */
  readonly id: string;
  readonly order: Omit<SanctionOrder, 'author'>;
  /** Who said it first. */
  readonly by: string;
  readonly atMs: number;
  readonly expiresAtMs: number;
}

export interface Waiting {
  add(order: Omit<SanctionOrder, 'author'>, by: string): Promise<Result<WaitingOrder, SanctionRefusal>>;
  /** The oldest first; those whose time is over are left out. */
  list(): Promise<readonly WaitingOrder[]>;
  /** Imposes it with both people as its authors. */
  confirm(id: string, by: string): Promise<Result<Sanction, SanctionRefusal>>;
  /** False where nothing of this id waits. */
  withdraw(id: string): Promise<boolean>;
}

type WaitingTables = {
  enforcement_waiting: { id: string; at_ms: number; expires_at_ms: number; by_whom: string; body: string };
};

const WAITS_MS = 7 * 86_400_000;
const WAITING_MAX = 200;

export function createWaiting(
  { storage, clock, mintId }: Pick<SanctionsDeps, 'storage' | 'clock' | 'mintId'>,
  impose: (order: SanctionOrder) => Promise<Result<Sanction, SanctionRefusal>>,
): Waiting {
  const drop = async (id: string): Promise<boolean> => {
    const sql = 'delete from enforcement_waiting where id = ?';
    return (await storage.writer.write([{ sql, parameters: [id], expectRows: 1 }])).ok;
  };
  return {
    async add(order, by) {
      const nowMs = clock.wallMs();
      const waiting = { id: mintId('wait'), order, by, atMs: nowMs, expiresAtMs: nowMs + WAITS_MS };
      const added = await storage.writer.write([
        { sql: 'delete from enforcement_waiting where expires_at_ms <= ?', parameters: [nowMs] },
        {
          sql: `insert into enforcement_waiting (id, at_ms, expires_at_ms, by_whom, body)
            select ?, ?, ?, ?, ? where (select count(*) from enforcement_waiting) < ?`,
          parameters: [waiting.id, nowMs, waiting.expiresAtMs, by, JSON.stringify(order), WAITING_MAX],
          expectRows: 1,
        },
      ]);
      if (added.ok) return ok(waiting);
      return refuse({ reason: 'invalid_field', message: `${WAITING_MAX} wait for a second person; see to them first` });
    },
    list: () => readWaiting(storage.reader, clock.wallMs()),
    async confirm(id, by) {
      const waiting = (await readWaiting(storage.reader, clock.wallMs())).find((one) => one.id === id);
      if (waiting === undefined) return refuse({ reason: 'sanction_not_found', message: `nothing waits as ${id}` });
      if (waiting.by === by) {
        return refuse({ reason: 'needs_two_people', message: 'the second person is another than the first' });
      }
      // Taken out first: two who confirm at one moment impose it once.
      if (!(await drop(id))) return refuse({ reason: 'sanction_not_found', message: `nothing waits as ${id}` });
      return impose({ ...waiting.order, author: { kind: 'staff', ids: [waiting.by, by] } });
    },
    withdraw: drop,
  };
}

async function readWaiting(reader: Reader, nowMs: number): Promise<WaitingOrder[]> {
  const rows = await reader
    .withTables<WaitingTables>()
    .selectFrom('enforcement_waiting')
    .selectAll()
    .where('expires_at_ms', '>', nowMs)
    .orderBy('id')
    .limit(WAITING_MAX)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    order: JSON.parse(row.body) as WaitingOrder['order'],
    by: row.by_whom,
    atMs: row.at_ms,
    expiresAtMs: row.expires_at_ms,
  }));
}
