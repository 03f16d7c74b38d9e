import type { ApiKey, KeyScope } from '../../accounts/index.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Result } from '../../base/result.ts';
import type { Permit } from '../../capacity/index.ts';
import type { Generation, ProviderAbilities, Usage } from '../../providers/index.ts';
import type { AnswerHeaders } from '../answer.ts';
import type { QuotedTarget } from '../../ledger/index.ts';
import type { Claim } from '../idempotency/claims.ts';
import type { Bill } from '../money/bill.ts';
import type { Refusal } from '../refusal.ts';
import type { Model } from '../routing/router.ts';
import type { LiveGeneration } from '../streaming/live.ts';
import type { AnswerContext } from '../surface.ts';
import type { Call } from './call.ts';
import type { Draft } from './draft.ts';
import type { Review } from './review.ts';
import type { Transcript } from './transcript.ts';

/** What the pipeline must know of a request before it may go anywhere; each wire format says it of its own. */
export interface Ask {
  readonly model: string;
  readonly streamed: boolean;
  readonly endUser: string | null;
  /** What an undeclared app is recognised by. */
  readonly systemText: string;
  readonly toolNames: readonly string[];
  /** Abilities a target must have, and the field that needs each. */
  readonly needs: readonly { readonly ability: keyof ProviderAbilities; readonly param: string }[];
  readonly inputTokens: number;
  /** What the upstream is asked to do it at, as the caller wrote it. */
  readonly serviceTier: string | null;
  /** Images of the prompt. */
  readonly images: number;
  /** Null when nothing is generated. */
  readonly output: { readonly choices: number; readonly maxTokens: number | null } | null;
}

/** A wire format's way in: from a body to something asked. */
export interface Intake<Parsed> {
  readonly scope: KeyScope;
  parse(body: JsonObject, key: ApiKey): Result<Parsed, Refusal> | Promise<Result<Parsed, Refusal>>;
  ask(parsed: Parsed): Ask;
  encodeError(refused: Refusal, context: Pick<AnswerContext, 'requestId' | 'language'>): JsonObject;
}

/** A request that was let in: recorded as open, counted against its limits, and alive until it is settled. */
export interface Job {
  readonly call: Call;
  readonly draft: Draft;
  readonly key: ApiKey;
  readonly ask: Ask;
  readonly model: Model;
  readonly permit: Permit;
  readonly live: LiveGeneration;
  /** The request carries an `Idempotency-Key`: whoever asks again gets its answer. */
  readonly claim: Claim | null;
  /** Null where nothing would keep it: the product captures no content, and no flag could call for evidence. */
  readonly transcript: Transcript | null;
  /** Null where nobody looks at what is said. */
  readonly review: Review | null;
  /** An upstream may have read the prompt, and so may charge for it, although it gave no whole answer. */
  mayHaveCost: boolean;
  /** The target that was asked last and did not fail before it answered: what was used is its work. */
  asked: QuotedTarget | null;
  /** Targets that may charge for the prompt although they failed. */
  readonly lost: QuotedTarget[];
  readonly bill: Bill;
  /** Tokens reserved for output so far. */
  reservedOutput: number;
  readonly headers: AnswerHeaders;
  readonly context: AnswerContext;
}

/** Keeps an answer for later, before the caller is told that it is whole. */
export type Keep<Extra> = (job: Job, extra: Extra, answer: Generation, usage: Usage) => Promise<void>;
