import { createHash } from 'node:crypto';
import { compileRule } from '../compile/compile-rule.ts';
import type { CompiledRule } from '../compile/compiled-rule.ts';
import type { StandingRule } from '../engine/engine-deps.ts';
import type { ModeChange, RuleVersion } from './store.ts';

/** A rule as it is stored, with its expressions ready; null where this program does not admit them any more. */
export interface BookedRule extends RuleVersion {
  readonly mode: ModeChange;
  readonly compiled: CompiledRule | null;
}

/** Rules as they stand, in memory. */
export interface RuleBook {
  /** In the order of their names. */
  list(): readonly BookedRule[];
  find(name: string): BookedRule | null;
  put(version: RuleVersion, mode: ModeChange): BookedRule;
  setMode(change: ModeChange): BookedRule | null;
  standing(): StandingRule[];
  /** Of every version in force and how much it may do: the same for the same rules. */
  hash(): string;
}

export function createRuleBook(versions: readonly RuleVersion[], modes: readonly ModeChange[]): RuleBook {
  const rules = new Map<string, BookedRule>();
  const modeOf = new Map(modes.map((mode) => [mode.name, mode]));
  for (const version of versions) put(version, modeOf.get(version.name) ?? draftOf(version));

  function put(version: RuleVersion, mode: ModeChange): BookedRule {
    const compiled = compileRule(version.document, version.version);
    const booked = { ...version, mode, compiled: compiled.ok ? compiled.value : null };
    rules.set(version.name, booked);
    return booked;
  }
  return {
    put,
    list: () => [...rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    find: (name) => rules.get(name) ?? null,
    setMode(change) {
      const rule = rules.get(change.name);
      if (rule === undefined) return null;
      const changed = { ...rule, mode: change };
      rules.set(change.name, changed);
      return changed;
    },
    standing: () =>
      [...rules.values()].flatMap(({ compiled, mode }) =>
        compiled === null ? [] : [{ rule: compiled, mode: mode.mode, canaryPercent: mode.canaryPercent }],
      ),
    hash() {
      const hash = createHash('sha256');
      const all = [...rules.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      for (const { document, mode } of all) {
        hash.update(JSON.stringify([document, mode.mode, mode.canaryPercent]));
      }
      return hash.digest('hex').slice(0, 16);
    },
  };
}

function draftOf({ name, changedBy, atMs }: RuleVersion): ModeChange {
  return { name, mode: 'draft', canaryPercent: 5, reason: null, detail: '', by: changedBy, atMs };
}
