import type { Audit } from '../../audit/audit.ts';
import { type Canonical, canonicalJson } from '../../audit/canonical.ts';
import { toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import type { TransparencyView } from './contract.ts';
import { countDecisions, type CountedBy, medianMsToDecision } from './store.ts';
import { COUNT_MIN, publishedCount, publishedTally } from './suppress.ts';

export interface TransparencyDeps {
  readonly reader: Reader;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'head' | 'signer'>;
  /** Appeals filed in a span by how they ended; null where none are kept. */
  readonly countAppeals: ((fromMs: number, toMs: number) => Promise<ReadonlyMap<string, number>>) | null;
  /** Signals of a span by their source; null where none are kept. */
  readonly countSignals: ((fromMs: number, toMs: number) => Promise<ReadonlyMap<string, number>>) | null;
}

/** The public report of a span of time, signed together with the head of the record it was made at. */
export async function makeReport(deps: TransparencyDeps, fromMs: number, toMs: number): Promise<TransparencyView> {
  const { reader, audit } = deps;
  const head = await audit.head();
  const span = { fromMs, toMs };
  const sanctions = { ...span, kind: 'sanction' as const };
  const by = async (what: CountedBy) => publishedTally(await countDecisions(reader, sanctions, what));
  const conducts = await by('conduct');
  const certified = (await countDecisions(reader, sanctions, 'certified')).get('yes') ?? 0;
  const kinds = await countDecisions(reader, span, 'kind');
  const isMany = conducts.total !== null && conducts.total >= COUNT_MIN;
  const report = {
    from: toIso(fromMs),
    to: toIso(toMs),
    made_at: toIso(deps.clock.wallMs()),
    decisions: {
      total: conducts.total,
      by_conduct: [...conducts.rows],
      by_step: [...(await by('step')).rows],
      by_automation: [...(await by('automation')).rows],
      by_unit: [...(await by('unit')).rows],
      certified: publishedCount(certified),
      median_ms_to_decision: isMany ? await medianMsToDecision(reader, sanctions) : null,
    },
    reversed: publishedCount(kinds.get('reverse') ?? 0),
    lifted: publishedCount(kinds.get('lift') ?? 0),
    appeals: await appealsOf(deps, fromMs, toMs),
    signals: await signalsOf(deps, fromMs, toMs),
    record: { seq: head.seq, hash: head.hash },
  };
  return {
    report,
    signature: audit.signer.sign(canonicalJson(report satisfies Canonical)),
    key: audit.signer.publicKey,
  };
}

async function appealsOf({ countAppeals }: TransparencyDeps, fromMs: number, toMs: number) {
  if (countAppeals === null) return null;
  const { total, rows } = publishedTally(await countAppeals(fromMs, toMs));
  return { total, by_outcome: [...rows] };
}

async function signalsOf({ countSignals }: TransparencyDeps, fromMs: number, toMs: number) {
  if (countSignals === null) return null;
  const { total, rows } = publishedTally(await countSignals(fromMs, toMs));
  return { total, by_source: [...rows] };
}
