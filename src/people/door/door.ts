/** The vocabulary of the door: who is let in, who waits, who needs an invitation. Made by `createDoor`. */
import type { Result } from '../../base/result.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { DoorState, FunnelStep } from './contract.ts';

/** What somebody stands in front of: a plan, null for whoever names none, and a region (ISO 3166 country), null when unknown. */
export interface DoorWay {
  readonly plan: string | null;
  readonly region: string | null;
}

export interface DoorSetting extends DoorWay {
  readonly state: DoorState;
  /** For people: why; null says nothing. */
  readonly reason: string | null;
  /** When it may be tried again, wall milliseconds; shown, and acted on by nobody. */
  readonly retryAtMs: number | null;
  readonly by: string;
  readonly atMs: number;
}

export interface DoorRefusal {
  readonly reason: 'door_paused' | 'door_invite_only' | 'invitation_invalid' | 'plan_not_offered';
  readonly message: string;
  readonly retryAtMs: number | null;
}

/** What belongs in the unit that makes the person: it uses the invitation up, or takes a place in the line. */
export interface Admitted {
  /** `waiting`: the person is made as `waitlisted`. */
  readonly kind: 'in' | 'waiting';
  /** For `GET /portal/v1/waitlist/{ticket}`; null for whoever is in. */
  readonly ticket: string | null;
  /** A unit that is refused for these means the invitation was used up meanwhile: ask again. */
  readonly statements: readonly WriteStatement[];
  /** To be called once the unit was kept, or was not: memory follows the disk. */
  kept(wasKept: boolean): void;
}

/** Where somebody stands in the line. */
export interface Place {
  readonly state: 'waiting' | 'admitted';
  readonly accountId: string;
  readonly ahead: number;
  readonly joinedAtMs: number;
  /** When their turn may come, by how fast people were let in lately; null when nobody was. */
  readonly expected: { readonly fromMs: number; readonly toMs: number } | null;
}

export interface Door {
  /** From memory, the most specific setting first: plan and region, plan, region, all. */
  settingFor(way: DoorWay): DoorSetting;
  /** Before a mail is sent: refused when the door is paused, or asks for an invitation that is not good. */
  knock(way: DoorWay, invitation: string | null): Promise<Result<null, DoorRefusal>>;
  /** When the mail is proved and the person is about to be made. */
  admit(accountId: string, way: DoorWay, invitation: string | null): Promise<Result<Admitted, DoorRefusal>>;
  /** Null when there is no such ticket. */
  place(ticket: string): Promise<Place | null>;
  /** Counts a step; kept within five seconds, so that a crash may lose that much. */
  note(step: FunnelStep, way: DoorWay): void;
  /** Hears of people who were let in from the line, after it is durable: makes them active and tells them. Called again after a crash. */
  onAdmitted(listener: (accountIds: readonly string[]) => Promise<void>): void;
}
