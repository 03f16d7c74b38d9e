import type { GroupMessage } from './protocol.ts';
import type { WriteStatement } from './writer.ts';

/** SQL texts the thread keeps prepared. More means somebody builds SQL from data; then all are forgotten and relearnt. */
const TEXTS_MAX = 1_024;

/** Turns units into the flat form of `GroupMessage`, naming each SQL text once. */
export function createPacker() {
  const ids = new Map<string, number>();
  let nextId = 0;

  function pack(units: readonly (readonly WriteStatement[])[]): GroupMessage {
    const forget = ids.size >= TEXTS_MAX;
    if (forget) ids.clear();
    const texts: [number, string][] = [];
    const flat: unknown[] = [];
    for (const unit of units) {
      flat.push(unit.length);
      for (const { sql, expectRows, parameters } of unit) {
        let id = ids.get(sql);
        if (id === undefined) {
          id = nextId++;
          ids.set(sql, id);
          texts.push([id, sql]);
        }
        flat.push(id, expectRows ?? -1, parameters.length);
        for (const parameter of parameters) flat.push(parameter);
      }
    }
    return { kind: 'group', texts, forget, flat };
  }

  return { pack };
}
