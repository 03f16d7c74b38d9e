import type { ApiKey, Keys, Standing } from '../../accounts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Nano } from '../../base/money.ts';
import type { Limits, OutputForecast } from '../../capacity/index.ts';
import type { Config } from '../../config/config.ts';
import type { Budgets, Correction, Ledger, Payments, PlanTerms, PriceBook, Slice } from '../../ledger/index.ts';
import type { PathEnforcement, Reports, UpstreamNotice } from '../../enforcement/index.ts';
import type { CapturedContent, Metering, UsageEvent } from '../../metering/index.ts';
import type { Telemetry } from '../../telemetry/telemetry.ts';
import type { Books } from '../money/books.ts';
import type { Claims } from '../idempotency/claims.ts';
import type { Router } from '../routing/router.ts';
import type { SafetyIdentifiers } from '../safety-identifiers.ts';
import type { LiveGenerations } from '../streaming/live.ts';
import type { Pacer } from '../streaming/pacer.ts';
import type { Replays } from '../streaming/replays.ts';
import type { StallWatch } from '../streaming/stall-watch.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Moderation } from './review.ts';
import type { Redress } from './stopped.ts';
import type { CountTokens } from './usage.ts';

/** From memory, on the path of a request. */
export interface FreePace {
  /** Sign-up credit an account may use now, what its requests in progress hold of it included; null: all there is. */
  headroom(accountId: string): Nano | null;
  /** Until it may use more; 0 when it may. */
  waitMs(accountId: string): number;
}

/** What the steps of the pipeline work with. */
export interface PipelineDeps {
  readonly config: Config;
  readonly clock: Clock;
  /** Names this boot in every record it writes. */
  readonly epoch: string;
  readonly keys: Pick<Keys, 'verify' | 'fallen' | 'touch'>;
  readonly standing: Pick<Standing, 'stopOf' | 'stopOfEndUser'>;
  /** What holds people to the rules; null where nobody is held to anything. */
  readonly enforcement: PathEnforcement | null;
  /** Hears of requests an upstream refused by its usage policy; null where nobody is held to anything. Must not throw. */
  readonly upstreamNotice: ((notice: UpstreamNotice) => void) | null;
  /** Takes what people report; null where nobody is held to anything. */
  readonly reports: Pick<Reports, 'file'> | null;
  readonly identifiers: Pick<SafetyIdentifiers, 'of'>;
  /** Null where nobody is held to anything. */
  readonly redress: Redress | null;
  readonly books: Books;
  readonly ledger: Pick<Ledger, 'hold' | 'balance'>;
  readonly prices: Pick<PriceBook, 'quote' | 'costOf' | 'ratesOf'>;
  readonly budgets: Pick<Budgets, 'take'>;
  readonly terms: PlanTerms;
  /** How fast sign-up credit may be used. */
  readonly freePace: FreePace;
  /** The models a key may use, as it says itself and as its account narrows it; null for all. From memory, on every request. */
  readonly allowedModels: (key: ApiKey) => readonly string[] | null;
  readonly redeem: Payments['codes']['redeem'];
  readonly records: Pick<Metering, 'find'>;
  /** The record of a request, whosever it is. */
  readonly recordOf: (requestId: string) => Promise<UsageEvent | null>;
  /** Which grants paid for a request, in the order they were used. */
  readonly paidBy: (requestId: string) => Promise<readonly Slice[]>;
  /** How it was corrected since, in order. */
  readonly correctionsOf: (requestId: string) => Promise<readonly Correction[]>;
  /** Names the app of a key that declares none, by system prompt and tools; null when there is nothing to go by. */
  readonly discover: (keyId: string, system: string, tools: readonly string[]) => string | null;
  readonly content: Pick<CapturedContent, 'keep'>;
  readonly bodies: BodyBudget;
  readonly claims: Claims;
  readonly limits: Limits;
  readonly forecast: OutputForecast;
  readonly router: Router;
  /** Null where nobody looks at what is said. */
  readonly moderation: Moderation | null;
  readonly live: LiveGenerations;
  readonly replays: Replays;
  readonly pacer: Pacer;
  readonly stalls: StallWatch;
  readonly countTokens: CountTokens;
  readonly telemetry: Telemetry;
  readonly sleep: (ms: number) => Promise<void>;
  /** True from SIGTERM on: nothing new is taken. */
  readonly draining: () => boolean;
}
