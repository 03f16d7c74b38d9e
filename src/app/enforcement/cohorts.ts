import type { PlanTerms } from '../../ledger/index.ts';
import { type ActiveCount, type Cohorts, cohortsIn } from '../../enforcement/index.ts';
import type { NetworkFacts } from '../../fraud/index.ts';
import type { UsageEvent } from '../../metering/index.ts';
import { type Columns, ColumnsFault } from '../../storage/columns/columns.ts';

export interface CohortDeps {
  readonly terms: Pick<PlanTerms, 'termsOf'>;
  /** Whether many seem to share a network, and whose it is; null while that is not known. */
  readonly egressOf: (
    prefix: string,
  ) => { readonly shared: boolean; readonly organisation: NetworkFacts['organisation'] } | null;
  readonly columns: Pick<Columns, 'read'>;
  readonly wallMs: () => number;
}

/** Which groups accounts belong to, as far as their latest requests tell. */
export interface CohortBook {
  used(event: Pick<UsageEvent, 'accountId' | 'networkPrefix'>): void;
  wrote(accountId: string, language: 'en' | 'zh' | null): void;
  of(accountId: string): Cohorts;
  /** Active accounts by cohort; those whose groups are not known count among all. */
  activeBy(days: number): Promise<readonly ActiveCount[]>;
}

/** Accounts remembered; some 250 bytes each. What is forgotten is learnt with the next request. */
const ACCOUNTS_MAX = 200_000;
/** Of the active accounts, those whose group must be known before accounts are counted by it. */
const KNOWN_SHARE_MIN = 0.8;
const DAY_MS = 86_400_000;
const READ_MS_MAX = 30_000;

interface Seen {
  prefix: string | null;
  language: 'en' | 'zh' | null;
}

export function createCohorts({ terms, egressOf, columns, wallMs }: CohortDeps): CohortBook {
  const seen = new Map<string, Seen>();

  function seenOf(accountId: string): Seen {
    const known = seen.get(accountId) ?? { prefix: null, language: null };
    // Put at the end, so that the first is the one longest not seen.
    seen.delete(accountId);
    seen.set(accountId, known);
    if (seen.size > ACCOUNTS_MAX) seen.delete(seen.keys().next().value ?? '');
    return known;
  }
  function of(accountId: string): Cohorts {
    const { prefix = null, language = null } = seen.get(accountId) ?? {};
    const egress = prefix === null ? null : egressOf(prefix);
    const { plan } = terms.termsOf(accountId);
    if (egress === null) return { language, campus: null, carrierNat: null, plan };
    const isOrganisation = egress.organisation !== null;
    return { language, campus: egress.shared && isOrganisation, carrierNat: egress.shared && !isOrganisation, plan };
  }

  return {
    used({ accountId, networkPrefix }) {
      if (accountId !== null && networkPrefix !== null) seenOf(accountId).prefix = networkPrefix;
    },
    wrote(accountId, language) {
      if (language !== null) seenOf(accountId).language = language;
    },
    of,
    async activeBy(days) {
      const toMs = wallMs();
      const fromMs = toMs - days * DAY_MS;
      const sql = (source: string) => `select distinct account_id from ${source} where at_ms >= ? and at_ms < ?`;
      const active = (await readAccounts(columns, { fromMs, toMs, sql })).map(of);
      const counts = new Map<string, ActiveCount>();
      for (const cohort of active.flatMap(cohortsIn)) {
        const key = `${cohort.kind} ${cohort.value}`;
        counts.set(key, { ...cohort, accounts: (counts.get(key)?.accounts ?? 0) + 1 });
      }
      // After a start it takes a while to learn who writes what from where: a count of few would make any harm look large.
      const isKnown = {
        language: isMostly(active, ({ language }) => language !== null),
        campus: isMostly(active, ({ campus }) => campus !== null),
        carrier_nat: isMostly(active, ({ carrierNat }) => carrierNat !== null),
        all: true,
        plan: true,
      };
      return [...counts.values()].filter(({ kind }) => isKnown[kind]);
    },
  };
}

function isMostly(active: readonly Cohorts[], known: (cohorts: Cohorts) => boolean): boolean {
  return active.filter(known).length >= active.length * KNOWN_SHARE_MIN;
}

/** None while the monitor is away: the budget then reckons by what it knows of audits alone. */
async function readAccounts(
  columns: Pick<Columns, 'read'>,
  { fromMs, toMs, sql }: { readonly fromMs: number; readonly toMs: number; readonly sql: (source: string) => string },
): Promise<readonly string[]> {
  try {
    const rows = await columns.read({ fromMs, toMs, sql, parameters: [fromMs, toMs], timeoutMs: READ_MS_MAX });
    return rows.flatMap(({ account_id: id }) => (typeof id === 'string' ? [id] : []));
  } catch (error) {
    if (error instanceof ColumnsFault) return [];
    throw error;
  }
}
