import type { Clock } from '../../base/clock.ts';
import type { Stop, StopCause, StopSubject } from './stop.ts';

/** What a stop may catch: a key and whose it is. */
export interface StoppableKey {
  readonly id: string;
  readonly accountId: string;
  readonly app: string | null;
  readonly member: string | null;
}

/** Stops in force, in memory: asked on the path of every request, so that it costs a few map look-ups. */
export interface StopTable {
  put(stop: Stop): void;
  /** Forgets it; null when it is not held. */
  take(stopId: string): Stop | null;
  get(stopId: string): Stop | null;
  /** What stops this key now, the widest first, and of those the weightiest; null when nothing does. */
  of(key: StoppableKey): Stop | null;
  ofAccount(accountId: string): Stop | null;
  ofMember(accountId: string, member: string): Stop | null;
  ofEndUser(accountId: string, endUser: string): Stop | null;
  /** Those that hold now. */
  all(): readonly Stop[];
  /** Those of one subject that hold now, the weightiest first. */
  on(subject: StopSubject): readonly Stop[];
  /** How many are held for a subject, ended ones among them until the next start. */
  countOf(subject: StopSubject): number;
}

/** What says most against somebody first: whoever stopped their own account is no less stopped by the operator. */
const WEIGHTIEST: readonly StopCause[] = ['sanction', 'staff', 'scim', 'deletion', 'plan', 'admin', 'owner'];

/** A stop ends by comparing its time with the clock: nothing has to run for it to end. */
export function createStopTable(clock: Clock, stops: readonly Stop[]): StopTable {
  const bySubject = new Map<string, Stop[]>();
  const byId = new Map<string, Stop>();

  function inForce(subject: string, nowMs: number): Stop | null {
    return bySubject.get(subject)?.find(({ untilMs }) => untilMs === null || untilMs > nowMs) ?? null;
  }
  function put(stop: Stop): void {
    byId.set(stop.id, stop);
    const subject = nameOf(stop.subject);
    const all = [...(bySubject.get(subject) ?? []), stop];
    bySubject.set(
      subject,
      all.sort((a, b) => WEIGHTIEST.indexOf(a.cause) - WEIGHTIEST.indexOf(b.cause)),
    );
  }
  function take(stopId: string): Stop | null {
    const stop = byId.get(stopId);
    if (stop === undefined) return null;
    byId.delete(stopId);
    const subject = nameOf(stop.subject);
    const others = (bySubject.get(subject) ?? []).filter((one) => one.id !== stopId);
    if (others.length === 0) bySubject.delete(subject);
    else bySubject.set(subject, others);
    return stop;
  }

  for (const stop of stops) put(stop);
  return {
    put,
    take,
    get: (stopId) => byId.get(stopId) ?? null,
    of({ id: keyId, accountId, app, member }) {
      if (bySubject.size === 0) return null;
      const nowMs = clock.wallMs();
      return (
        inForce(nameOf({ kind: 'account', accountId }), nowMs) ??
        (member === null ? null : inForce(nameOf({ kind: 'member', accountId, member }), nowMs)) ??
        (app === null ? null : inForce(nameOf({ kind: 'app', accountId, app }), nowMs)) ??
        inForce(nameOf({ kind: 'key', accountId, keyId }), nowMs)
      );
    },
    ofEndUser: (accountId, endUser) =>
      bySubject.size === 0 ? null : inForce(nameOf({ kind: 'end_user', accountId, endUser }), clock.wallMs()),
    ofMember: (accountId, member) => inForce(nameOf({ kind: 'member', accountId, member }), clock.wallMs()),
    all() {
      const nowMs = clock.wallMs();
      return [...byId.values()].filter(({ untilMs }) => untilMs === null || untilMs > nowMs);
    },
    on(subject) {
      const nowMs = clock.wallMs();
      return bySubject.get(nameOf(subject))?.filter(({ untilMs }) => untilMs === null || untilMs > nowMs) ?? [];
    },
    countOf: (subject) => bySubject.get(nameOf(subject))?.length ?? 0,
    ofAccount: (accountId) =>
      bySubject.size === 0 ? null : inForce(nameOf({ kind: 'account', accountId }), clock.wallMs()),
  };
}

/** Whether a stop of this subject stops what this key asks for this end user; without one, whether it stops the key itself. */
export function catches(subject: StopSubject, key: StoppableKey, endUser: string | null = null): boolean {
  if (key.accountId !== subject.accountId) return false;
  switch (subject.kind) {
    case 'account':
      return true;
    case 'member':
      return key.member === subject.member;
    case 'app':
      return key.app === subject.app;
    case 'key':
      return key.id === subject.keyId;
    case 'end_user':
      return endUser === subject.endUser;
  }
}

/** Ids and slugs hold no space; an end user comes last. */
function nameOf(subject: StopSubject): string {
  switch (subject.kind) {
    case 'account':
      return subject.accountId;
    case 'member':
      return `${subject.accountId} member ${subject.member}`;
    case 'app':
      return `${subject.accountId} app ${subject.app}`;
    case 'key':
      return `${subject.accountId} key ${subject.keyId}`;
    case 'end_user':
      return `${subject.accountId} end_user ${subject.endUser}`;
  }
}
