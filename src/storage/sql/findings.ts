/** One promise that a database does not keep. */
export interface AuditFinding {
  readonly promise: 'P1' | 'P3' | 'P4' | 'P6';
  readonly rule: string;
  readonly count: number;
  /** Ids of a few offending rows. */
  readonly examples: readonly string[];
}

export type AuditRule = Pick<AuditFinding, 'promise'> & { readonly name: string };

/** What an audit notes while it reads: one finding for each rule that is broken somewhere. */
export type Findings = ReturnType<typeof createFindings>;

const EXAMPLES_MAX = 5;

export function createFindings() {
  const byRule = new Map<string, { promise: AuditFinding['promise']; count: number; examples: string[] }>();
  return {
    add({ promise, name }: AuditRule, example: string): void {
      const note = byRule.get(name) ?? { promise, count: 0, examples: [] };
      note.count++;
      if (note.examples.length < EXAMPLES_MAX) note.examples.push(example);
      byRule.set(name, note);
    },
    list: (): AuditFinding[] =>
      [...byRule].map(([rule, { promise, count, examples }]) => ({ promise, rule, count, examples })),
  };
}
