import { distance, entropy } from './mix.ts';

/** A request as key sharing sees it. */
export interface KeyUse {
  readonly keyId: string;
  readonly accountId: string;
  readonly atMs: number;
  readonly clientClass: string;
  readonly networkPrefix: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly endUser: string | null;
  /** The app or family of prompts it belongs to. */
  readonly template: string | null;
}

/** How a key was used in the last 24 hours. Counts of distinct things stop at 64. */
export interface KeySharing {
  readonly keyId: string;
  readonly accountId: string;
  readonly requests: number;
  readonly clientClasses: number;
  readonly networks: number;
  readonly countries: number;
  readonly endUsers: number;
  readonly templates: number;
  /** Mean Jensen-Shannon distance of what is asked from one hour of use to the next, 0 to 1; null for less than three hours. */
  readonly mixDistance: number | null;
  /** Entropy of the hours by that of a day without night, 0 to 1. */
  readonly hourFlatness: number;
  /** Why it is looked at: `many_networks`, `many_countries`, `many_clients`, `many_end_users`, `changing_mix`, `no_night`. */
  readonly reasons: readonly string[];
}

/** One content behind many keys is the mirror of many contents behind one key. */
export interface TemplateSpread {
  readonly template: string;
  readonly keys: number;
  readonly requests: number;
}

export interface KeySharingWatch {
  saw(use: KeyUse): void;
  /** Keys with at least two reasons, those with most of them first. */
  suspects(nowMs: number, limit: number): readonly KeySharing[];
  /** Templates of many keys, the widest first. */
  spread(nowMs: number, limit: number): readonly TemplateSpread[];
}

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Keys used last, at some 10 kB for a busy one. */
const KEYS_MAX = 5_000;
const DISTINCT_MAX = 64;
const TEMPLATES_PER_HOUR_MAX = 32;
const REQUESTS_MIN = 50;
const MIX_HOURS_MIN = 3;
const LIMITS = { networks: 12, countries: 4, clientClasses: 5, endUsers: 50, mixDistance: 0.7, hourFlatness: 0.97 };
const REASONS_MIN = 2;
const KINDS = ['clientClass', 'networkPrefix', 'country', 'endUser'] as const;
type Kind = (typeof KINDS)[number];

interface Hour {
  readonly hour: number;
  requests: number;
  readonly templates: Map<string, number>;
}

interface Watched {
  readonly accountId: string;
  readonly hours: Hour[];
  /** The hour each was seen last. */
  readonly seen: Readonly<Record<Kind, Map<string, number>>>;
}

/** In memory, bounded; a service that starts anew begins its day anew. */
export function createKeySharingWatch(keysMax = KEYS_MAX): KeySharingWatch {
  const keys = new Map<string, Watched>();

  function watchedOf({ keyId, accountId }: KeyUse): Watched {
    const watched = keys.get(keyId) ?? newlyWatched(accountId);
    keys.delete(keyId);
    keys.set(keyId, watched);
    if (keys.size > keysMax) keys.delete(keys.keys().next().value ?? keyId);
    return watched;
  }

  return {
    saw(use) {
      const watched = watchedOf(use);
      const hour = Math.floor(use.atMs / HOUR_MS);
      countHour(watched.hours, hour, use.template);
      for (const kind of KINDS) note(watched.seen[kind], use[kind], hour);
    },
    suspects(nowMs, limit) {
      const now = Math.floor(nowMs / HOUR_MS);
      return [...keys]
        .map(([keyId, watched]) => sharingOf(keyId, watched, now))
        .filter(({ requests, reasons }) => requests >= REQUESTS_MIN && reasons.length >= REASONS_MIN)
        .sort((a, b) => b.reasons.length - a.reasons.length || b.requests - a.requests)
        .slice(0, limit);
    },
    spread(nowMs, limit) {
      const now = Math.floor(nowMs / HOUR_MS);
      const found = new Map<string, { keys: number; requests: number }>();
      for (const { hours } of keys.values()) {
        for (const [template, requests] of mixOf(lastDay(hours, now))) {
          const before = found.get(template) ?? { keys: 0, requests: 0 };
          found.set(template, { keys: before.keys + 1, requests: before.requests + requests });
        }
      }
      return [...found]
        .map(([template, counted]) => ({ template, ...counted }))
        .filter((one) => one.keys > 1)
        .sort((a, b) => b.keys - a.keys || b.requests - a.requests)
        .slice(0, limit);
    },
  };
}

function newlyWatched(accountId: string): Watched {
  const seen = { clientClass: new Map(), networkPrefix: new Map(), country: new Map(), endUser: new Map() };
  return { accountId, hours: [], seen };
}

function countHour(hours: Hour[], hour: number, template: string | null): void {
  let current = hours.find((one) => one.hour === hour);
  if (current === undefined) {
    current = { hour, requests: 0, templates: new Map() };
    hours.push(current);
    while (hours.length > HOURS) hours.shift();
  }
  current.requests++;
  if (template === null) return;
  const before = current.templates.get(template);
  if (before !== undefined || current.templates.size < TEMPLATES_PER_HOUR_MAX) {
    current.templates.set(template, (before ?? 0) + 1);
  }
}

function note(seen: Map<string, number>, value: string | null, hour: number): void {
  if (value === null) return;
  if (!seen.has(value) && seen.size >= DISTINCT_MAX) {
    for (const [other, at] of seen) if (hour - at >= HOURS) seen.delete(other);
    if (seen.size >= DISTINCT_MAX) return;
  }
  seen.set(value, hour);
}

function lastDay(hours: readonly Hour[], now: number): Hour[] {
  return hours.filter(({ hour }) => now - hour < HOURS);
}

function mixOf(hours: readonly Hour[]): Map<string, number> {
  const mix = new Map<string, number>();
  for (const { templates } of hours) {
    for (const [template, count] of templates) mix.set(template, (mix.get(template) ?? 0) + count);
  }
  return mix;
}

function sharingOf(keyId: string, { accountId, hours, seen }: Watched, now: number): KeySharing {
  const day = lastDay(hours, now);
  const distinct = (kind: Kind) => [...seen[kind].values()].filter((hour) => now - hour < HOURS).length;
  const figures = {
    requests: day.reduce((all, { requests }) => all + requests, 0),
    clientClasses: distinct('clientClass'),
    networks: distinct('networkPrefix'),
    countries: distinct('country'),
    endUsers: distinct('endUser'),
    templates: mixOf(day).size,
    mixDistance: mixDistanceOf(day),
    hourFlatness: entropy(new Map(day.map(({ hour, requests }) => [String(hour), requests]))) / Math.log2(HOURS),
  };
  return { keyId, accountId, ...figures, reasons: reasonsOf(figures) };
}

function mixDistanceOf(day: readonly Hour[]): number | null {
  const used = day.filter(({ templates }) => templates.size > 0).toSorted((a, b) => a.hour - b.hour);
  if (used.length < MIX_HOURS_MIN) return null;
  let all = 0;
  for (let at = 1; at < used.length; at++) {
    all += distance(used[at - 1]?.templates ?? new Map(), used[at]?.templates ?? new Map());
  }
  return all / (used.length - 1);
}

function reasonsOf(figures: Omit<KeySharing, 'keyId' | 'accountId' | 'reasons'>): string[] {
  const reasons: string[] = [];
  if (figures.networks >= LIMITS.networks) reasons.push('many_networks');
  if (figures.countries >= LIMITS.countries) reasons.push('many_countries');
  if (figures.clientClasses >= LIMITS.clientClasses) reasons.push('many_clients');
  if (figures.endUsers >= LIMITS.endUsers) reasons.push('many_end_users');
  if ((figures.mixDistance ?? 0) >= LIMITS.mixDistance) reasons.push('changing_mix');
  if (figures.hourFlatness > LIMITS.hourFlatness) reasons.push('no_night');
  return reasons;
}
