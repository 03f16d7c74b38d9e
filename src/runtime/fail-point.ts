/**
 * Places in the life of a request where a test may have the process killed, as if by kill -9, to prove what is kept
 * and what is given back when it ends right there. None is armed unless the environment names one at the start.
 */
export const FAIL_POINTS = [
  /** Let in by limits and credit; nothing is written yet. */
  'after_admit',
  'open:before_write',
  'open:after_write',
  'upstream:before_send',
  'upstream:first_byte',
  'progress:after',
  'extend:before_write',
  'extend:after_write',
  'settle:before_write',
  'settle:after_write',
  'answer:before_last_frame',
  'writer:before_begin',
  'writer:after_begin',
  'writer:before_commit',
  'writer:after_commit',
  /** For each request that its process, or an earlier one, left open. */
  'recovery:each',
  /** While serving, when there are holds whose time is past. */
  'sweep',
] as const;

export type FailPoint = (typeof FAIL_POINTS)[number];

export interface ArmedFailPoint {
  readonly point: FailPoint;
  /** Kills at this passing, counted from 1 on each thread. */
  readonly nth: number;
}

let armed: ArmedFailPoint | null = null;
let passings = 0;

/** Passes a fail point; one comparison unless it is armed. */
export function failPoint(point: FailPoint): void {
  if (armed !== null) pass(point, armed);
}

function pass(point: FailPoint, { point: wanted, nth }: ArmedFailPoint): void {
  if (point !== wanted || ++passings !== nth) return;
  // Does not return: every thread of the process ends here, and nothing more is written or sent.
  process.kill(process.pid, 'SIGKILL');
}

/** Reads `NAME` or `NAME:NTH`; null when no point has this name. */
export function parseFailPoint(text: string): ArmedFailPoint | null {
  const [, name = text, count = '1'] = /^(.+):(\d{1,9})$/.exec(text) ?? [];
  const point = FAIL_POINTS.find((one) => one === name);
  const nth = Number(count);
  return point === undefined || nth === 0 ? null : { point, nth };
}

/** Arms one fail point in this thread, for as long as it lives. */
export function armFailPoint(point: ArmedFailPoint | null): void {
  armed = point;
  passings = 0;
}

/** What is armed here, to arm it in a thread this one starts. */
export function armedFailPoint(): ArmedFailPoint | null {
  return armed;
}
