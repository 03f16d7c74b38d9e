import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';

/** Addresses in refusals, by which one decision is read and contested by whoever holds them. */
export interface ContestTokens {
  /** The same for a decision all day, so that making one is hardly ever more than looking it up. */
  make(decisionId: string): string;
  /** The decision it is for; null where it was not made here, was changed, or is past its time. */
  open(token: string): string | null;
}

const DAY_MS = 86_400_000;
/** From the day of the refusal; the next refusal brings a new one. */
const LIFE_DAYS = 30;
const HELD_MAX = 2_000;
const MAC_BYTES = 16;
const DECISION = /^dec_([0-9A-HJKMNP-TV-Z]{26})$/;
const TOKEN = /^([0-9A-HJKMNP-TV-Z]{26})\.([0-9a-z]{1,6})\.([A-Za-z0-9_-]{22})$/;

export function createContestTokens(secret: Uint8Array, clock: Clock): ContestTokens {
  const held = new Map<string, string>();
  let heldDay = -1;

  function macOf(id: string, lastDay: number): Buffer {
    return createHmac('sha256', secret).update(`contest ${id} ${lastDay}`).digest().subarray(0, MAC_BYTES);
  }
  const today = () => Math.floor(clock.wallMs() / DAY_MS);

  return {
    make(decisionId) {
      const day = today();
      if (day !== heldDay || held.size >= HELD_MAX) held.clear();
      heldDay = day;
      const known = held.get(decisionId);
      if (known !== undefined) return known;
      const id = DECISION.exec(decisionId)?.[1] ?? '';
      const lastDay = day + LIFE_DAYS;
      const token = `${id}.${lastDay.toString(36)}.${macOf(id, lastDay).toString('base64url')}`;
      held.set(decisionId, token);
      return token;
    },
    open(token) {
      const [, id, lastDay, mac] = TOKEN.exec(token) ?? [];
      if (id === undefined || lastDay === undefined || mac === undefined) return null;
      const day = Number.parseInt(lastDay, 36);
      const shown = Buffer.from(mac, 'base64url');
      const right = macOf(id, day);
      if (shown.length !== right.length || !timingSafeEqual(shown, right)) return null;
      return day >= today() ? `dec_${id}` : null;
    },
  };
}
