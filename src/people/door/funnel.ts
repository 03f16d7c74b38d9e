import { FUNNEL_STEPS, type FunnelStep } from './contract.ts';
import type { DoorWay } from './door.ts';
import type { Reader, Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';

type FunnelTables = { door_funnel: { day: string; plan: string; region: string; step: FunnelStep; count: number } };

/** One step of one day. */
export interface FunnelCount extends DoorWay {
  /** `2026-11-22`, UTC. */
  readonly day: string;
  readonly step: FunnelStep;
  readonly count: number;
}

/** Counts steps in memory and adds them up on the disk now and then; how people come is looked at by day. */
export interface Funnel {
  note(step: FunnelStep, way: DoorWay, nowMs: number): void;
  /** A job; what could not be written is counted with the next. */
  flush(): Promise<void>;
}

export function createFunnel({ writer }: Pick<Storage, 'writer'>): Funnel {
  let counted = new Map<string, number>();

  return {
    note(step, { plan, region }, nowMs) {
      const key = [new Date(nowMs).toISOString().slice(0, 10), plan ?? '', region ?? '', step].join('/');
      counted.set(key, (counted.get(key) ?? 0) + 1);
    },
    async flush() {
      const taken = counted;
      if (taken.size === 0) return;
      counted = new Map();
      try {
        await writer.write([...taken].map(([key, count]) => addCount(key, count)));
      } catch (fault) {
        for (const [key, count] of taken) counted.set(key, (counted.get(key) ?? 0) + count);
        throw fault;
      }
    },
  };
}

function addCount(key: string, count: number): WriteStatement {
  return {
    sql: `insert into door_funnel (day, plan, region, step, count) values (?, ?, ?, ?, ?)
      on conflict (day, plan, region, step) do update set count = door_funnel.count + excluded.count`,
    parameters: [...key.split('/'), count],
  };
}

/** From one day to another, both included, in the order of days and steps. */
export async function readFunnel(reader: Reader, from: string, to: string): Promise<FunnelCount[]> {
  const rows = await reader
    .withTables<FunnelTables>()
    .selectFrom('door_funnel')
    .selectAll()
    .where('day', '>=', from)
    .where('day', '<=', to)
    .orderBy('day')
    .execute();
  const rank = (step: FunnelStep) => FUNNEL_STEPS.indexOf(step);
  return rows
    .map(({ plan, region, ...row }) => ({ ...row, plan: plan || null, region: region || null }))
    .sort((a, b) => (a.day === b.day ? rank(a.step) - rank(b.step) : 0));
}
