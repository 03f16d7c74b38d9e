/** One way of saying no, and what goes with it. */
export interface RefusalKind {
  readonly status: number;
  readonly type: string;
  readonly code: string;
  /** `no` sends `x-should-retry: false`; `yes` sends a true `retry-after`, or lets the client choose when none is known. */
  readonly retry: 'yes' | 'no';
  readonly en: string;
  readonly zh: string;
}

export function kind(
  status: number,
  type: string,
  code: string,
  retry: 'yes' | 'no',
  en: string,
  zh: string,
): RefusalKind {
  return { status, type, code, retry, en, zh };
}
