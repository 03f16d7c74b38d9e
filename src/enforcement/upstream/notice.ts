/** What an upstream says of somebody's safety record with it: a signal, never proof. */
import type { Conduct } from '../conduct.ts';
import type { Owner } from '../unit.ts';

/** `refused`: one request, for its content; `warned`: it will cut them off if it goes on; `blocked`: it has. */
export const UPSTREAM_NOTICE_KINDS = ['refused', 'warned', 'blocked'] as const;
export type UpstreamNoticeKind = (typeof UPSTREAM_NOTICE_KINDS)[number];

export interface UpstreamNotice {
  readonly atMs: number;
  /** As the configuration names it. */
  readonly provider: string;
  readonly kind: UpstreamNoticeKind;
  /** The upstream's own code or words, one line; never of the prompt. */
  readonly detail: string;
  /** What it says it is about; null where it does not say. */
  readonly conduct: Conduct | null;
  readonly owner: Owner;
  /** Null where it is about more than one. */
  readonly requestId: string | null;
}
