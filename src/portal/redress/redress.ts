/** What is held against an account, as somebody who belongs to it may know. */
import type { Keys } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Appeal, Appeals, Decision, Decisions, Reports, Sanction, Sanctions } from '../../enforcement/index.ts';
import type { ContentAccess } from '../../metering/index.ts';
import type { Asker, Belonging } from '../belonging.ts';
import { namesFor } from '../names.ts';
import type { OwnAccessListView } from './contract.ts';
import { type About, concerns, isFelt, type RedressParts } from './views.ts';

type Role = OwnAccessListView['data'][number]['role'];

export interface RedressDeps {
  readonly belonging: Belonging;
  readonly keys: Pick<Keys, 'get'>;
  readonly clock: Clock;
  readonly decisions: Pick<Decisions, 'get' | 'list'>;
  readonly sanctions: Pick<Sanctions, 'ofAccount' | 'acknowledge'>;
  readonly appeals: Pick<Appeals, 'file' | 'withdraw' | 'get' | 'ofAccount'>;
  readonly reports: Pick<Reports, 'file'>;
  /** When staff read what an account wrote, newest first. */
  accessesOf(
    accountId: string,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly ContentAccess[]>;
  /** What somebody is on the staff; null for whoever is not, or not any more. */
  roleOf(staffId: string): Promise<Role>;
}

/** All that was decided about an account, looked up once for one answer. */
export interface Record {
  readonly sanctions: readonly Sanction[];
  aboutOf(decision: Decision): Promise<About>;
  readonly parts: RedressParts;
}

export async function openRecord(deps: RedressDeps, { accountId }: Asker): Promise<Record> {
  const { sanctions, appeals, decisions, clock } = deps;
  const all = await sanctions.ofAccount(accountId);
  const byId = new Map(all.map((sanction) => [sanction.id, sanction]));
  const filed = await appeals.ofAccount(accountId);
  const parts = { names: await namesFor(deps, accountId, []), nowMs: clock.wallMs() };
  return {
    sanctions: all,
    parts,
    async aboutOf({ id, sanctionId }) {
      const own = filed.filter(({ decisionId }) => decisionId === id);
      return { sanction: byId.get(sanctionId ?? '') ?? null, appeals: own, answers: await answersOf(own, decisions) };
    },
  };
}

export async function answersOf(
  appeals: readonly Appeal[],
  decisions: Pick<Decisions, 'get'>,
): Promise<ReadonlyMap<string, Decision>> {
  const ids = appeals.flatMap(({ answerId }) => answerId ?? []);
  const found = await Promise.all(ids.map((id) => decisions.get(id)));
  return new Map(found.flatMap((decision) => (decision === null ? [] : [[decision.id, decision] as const])));
}

/** What holds now and concerns who asks, the gravest first. */
export async function listHeld(deps: RedressDeps, asker: Asker, record: Record) {
  const held = record.sanctions.filter(
    (one) => isFelt(one, record.parts.nowMs) && concerns(one.unit, asker, deps.keys),
  );
  const found = await Promise.all(
    held.map(async (sanction) => ({ sanction, decision: await deps.decisions.get(sanction.decisionId) })),
  );
  return found.flatMap(({ sanction, decision }) => (decision === null ? [] : [{ sanction, decision }]));
}

/** A decision about this account that is felt already and concerns who asks; null where there is none. */
export async function findDecision(deps: RedressDeps, asker: Asker, id: string): Promise<Decision | null> {
  const decision = await deps.decisions.get(id);
  return decision !== null && mayKnow(decision, asker, deps) ? decision : null;
}

export function mayKnow(decision: Decision, asker: Asker, { clock, keys }: RedressDeps): boolean {
  const isFeltAlready = decision.startMs <= clock.wallMs();
  return decision.accountId === asker.accountId && isFeltAlready && concerns(decision.unit, asker, keys);
}
