import type { Incident } from '../incident.ts';
import type { NotedSignal } from '../signals/from-review.ts';

/** What incidents rest on, as counts and codes; no text of anybody. */
export interface IncidentFacts {
  readonly requests: number;
  readonly accounts: number;
  readonly signals: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
  /** Where the signals came from. */
  readonly sources: readonly string[];
  /** Of moderation, the most frequent first. */
  readonly categories: readonly { readonly name: string; readonly count: number }[];
}

export function factsOf(incidents: readonly Incident[], noted: readonly NotedSignal[]): IncidentFacts {
  const requests = new Set(noted.map(({ signal }) => signal.requestId).filter((id) => id !== null));
  const categories = new Map<string, number>();
  for (const { category } of noted)
    if (category !== null) categories.set(category, (categories.get(category) ?? 0) + 1);
  return {
    requests: requests.size,
    accounts: new Set(incidents.map(({ owner }) => owner.accountId)).size,
    signals: incidents.reduce((sum, { signalCount }) => sum + signalCount, 0),
    firstAtMs: incidents.reduce((first, { openedAtMs }) => Math.min(first, openedAtMs), incidents[0]?.openedAtMs ?? 0),
    lastAtMs: incidents.reduce((last, { lastAtMs }) => Math.max(last, lastAtMs), 0),
    sources: [...new Set(noted.map(({ signal }) => signal.source))].sort(),
    categories: [...categories].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count),
  };
}

/** Of `sourceVersion`, where somebody of the staff says what another source found. */
const BY_HAND = 'staff:';

/** Who said by hand that something happened: ids of the staff, or `local`. */
export function raisersIn(noted: readonly NotedSignal[]): readonly string[] {
  const raisers = noted.flatMap(({ signal: { source, sourceVersion } }) => {
    if (sourceVersion.startsWith(BY_HAND)) return [sourceVersion.slice(BY_HAND.length)];
    return source === 'staff' || sourceVersion === 'local' ? [sourceVersion] : [];
  });
  return [...new Set(raisers)];
}
