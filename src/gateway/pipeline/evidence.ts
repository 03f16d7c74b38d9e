import { CONDUCT_OF_LABEL } from '../../enforcement/index.ts';
import type { ApiKey } from '../../accounts/index.ts';
import type { Verdict } from '../../moderation/index.ts';
import type { CaptureTerms } from '../../metering/index.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { PipelineDeps } from './deps.ts';
import type { Job } from './job.ts';
import { ownerOf } from './judge.ts';
import type { Review, Reviewed } from './review.ts';
import { asUsual } from './strictness.ts';

/** Of the prompt and of the reply, each, where the product does not say how much it keeps. */
const EVIDENCE_BYTES_MAX = 65_536;

/** What might be kept of an exchange, before anybody knows whether it will be; null where nothing is, whatever comes. */
export function contentKept(
  key: ApiKey,
  review: Review | null,
  deps: Pick<PipelineDeps, 'config' | 'enforcement'>,
): Pick<CaptureTerms, 'bytesMax'> | null {
  const captured = deps.config.products[key.product]?.capture ?? null;
  if (captured !== null) return captured;
  const isEvidence = review !== null && deps.enforcement !== null && deps.config.enforcement.evidenceDays > 0;
  return isEvidence ? { bytesMax: EVIDENCE_BYTES_MAX } : null;
}

/**
 * Keeps what was asked and answered where the product opted in, and what was flagged for whoever decides on it. Nobody
 * waits for it, and the record stands without it.
 */
export function keepContent({ call, key, transcript }: Job, { verdicts }: Reviewed, deps: PipelineDeps): void {
  if (transcript === null) return;
  const terms = termsOf(key, verdicts, deps);
  if (terms === null) return;
  const { text: reply, truncated } = transcript.reply();
  const exchange = { requestId: call.id, accountId: key.accountId, prompt: transcript.prompt, reply, truncated };
  deps.content.keep(exchange, terms).catch((error: unknown) => {
    deps.telemetry.fault('keep captured content', error, call.id);
  });
}

/** The longer time of the two where it is captured and evidence. */
function termsOf(key: ApiKey, verdicts: readonly Verdict[], deps: PipelineDeps): CaptureTerms | null {
  const captured = deps.config.products[key.product]?.capture ?? null;
  const { evidenceDays } = deps.config.enforcement;
  if (deps.enforcement === null || evidenceDays === 0 || !isEvidence(verdicts)) return captured;
  const retentionDays = Math.max(evidenceDays, captured?.retentionDays ?? 0);
  return { retentionDays, bytesMax: captured?.bytesMax ?? EVIDENCE_BYTES_MAX };
}

/** Whether anything was found that somebody may be held to: personal data and people in need are none of it. */
function isEvidence(verdicts: readonly Verdict[]): boolean {
  return verdicts.some(({ flagged }) =>
    flagged.some(({ label }) => label !== 'personal' && CONDUCT_OF_LABEL[label] !== null),
  );
}

interface Held {
  readonly statements: readonly WriteStatement[];
  /** Sets going what follows, once the statements are durable. Never throws. */
  durable(): void;
}

const NOTHING: Held = { statements: [], durable: () => undefined };

/** Tells enforcement how a request that was looked at ended. The record of the request stands whatever comes of it. */
export function holdTo(job: Job, { verdicts }: Reviewed, deps: Pick<PipelineDeps, 'enforcement' | 'telemetry'>): Held {
  const { call, review } = job;
  const usual = review?.usual ?? null;
  if (deps.enforcement === null || review === null || verdicts.length === 0) return NOTHING;
  try {
    const { statements, durable } = deps.enforcement.ended({
      requestId: call.id,
      atMs: call.atMs,
      owner: ownerOf(job),
      verdicts: usual === null ? verdicts : verdicts.map((verdict) => asUsual(verdict, usual)),
      asked: review.asked,
      opening: review.opening,
    });
    return { statements, durable: guarded(durable) };
  } catch (error) {
    deps.telemetry.fault('hear of a reviewed request', error, call.id);
    return NOTHING;
  }

  function guarded(durable: () => void): () => void {
    return () => {
      try {
        durable();
      } catch (error) {
        deps.telemetry.fault('follow a reviewed request', error, call.id);
      }
    };
  }
}
