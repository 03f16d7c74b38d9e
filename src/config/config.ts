import type { ConsoleConfig } from './console.ts';
import type { ModerationConfig } from './moderation.ts';
import type { MonitorConfig } from './monitor.ts';
import type { MailConfig } from './mail.ts';
import type { PaymentsConfig } from './payments.ts';
import type { PlanConfig } from './plans.ts';
import type { PortalConfig } from './portal.ts';
import type { PricingConfig } from './pricing.ts';
import type { Setting } from './settings.ts';
import type { FraudConfig } from './fraud.ts';
import type { EnforcementConfig } from './enforcement.ts';
import type { ReviewingConfig } from './reviewing.ts';
import type { VestingConfig } from './vesting.ts';

/** What the service runs with, checked and complete. Made by `load.ts` from one YAML file and the environment. */
export interface Config {
  readonly server: ServerConfig;
  readonly console: ConsoleConfig;
  readonly portal: PortalConfig;
  /** By the name targets refer to. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** By the alias callers ask for. */
  readonly models: Readonly<Record<string, ModelConfig>>;
  /** By name; `api` always exists. */
  readonly products: Readonly<Record<string, ProductConfig>>;
  /** Defaults for every key, app and account; a key's own limits go before them, a model's are in `models`. */
  readonly limits: { readonly key: LimitSet; readonly app: LimitSet; readonly account: LimitSet };
  readonly streaming: StreamingConfig;
  readonly responses: {
    readonly storeByDefault: boolean;
    readonly retentionDays: number;
    readonly storedBytesMax: number;
  };
  /** Requests with an `Idempotency-Key`. */
  readonly idempotency: {
    readonly retentionMs: number;
    readonly answerBytesMax: number;
    readonly answersPerKeyMax: number;
  };
  /** By name; `free` always exists. */
  readonly plans: Readonly<Record<string, PlanConfig>>;
  readonly pricing: PricingConfig;
  /** On what conditions sign-up credit is released to people. */
  readonly vesting: VestingConfig;
  readonly enforcement: EnforcementConfig;
  readonly reviewing: ReviewingConfig;
  readonly fraud: FraudConfig;
  readonly moderation: ModerationConfig;
  readonly monitor: MonitorConfig;
  readonly payments: PaymentsConfig;
  /** Null: alerts cannot go to mail. */
  readonly mail: MailConfig | null;
  /** Where addresses that people enter may lead. */
  readonly outbound: { readonly internalHosts: readonly string[] };
  readonly routing: RoutingConfig;
  readonly telemetry: TelemetryConfig;
  /** All of the above as people write it, with where each value comes from and no secret. */
  readonly settings: readonly Setting[];
}

export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute path. */
  readonly dataDir: string;
  /** Host names callers may use, without port; null accepts every well-formed one. */
  readonly allowedHosts: readonly string[] | null;
  /** CIDR blocks of proxies whose `x-forwarded-for` is believed. */
  readonly trustedProxies: readonly string[];
  readonly bodyBytesMax: number;
  /** Bodies that arrive at the same time, all callers together. */
  readonly bodiesBytesMax: number;
  /** Time a body may take to arrive. */
  readonly bodyTimeoutMs: number;
  /** How long SIGTERM waits for what is in flight. */
  readonly drainMs: number;
  /** Requests in flight, all callers together. */
  readonly inFlightMax: number;
  /** Browser origins that may call the API; empty: none, `*`: all (credentials are never allowed). */
  readonly corsOrigins: readonly string[];
}

export type ProviderConfig =
  | OpenAiProviderConfig
  | {
      readonly kind: 'anthropic';
      /** Tell it whom a request is for, by a digest. */
      readonly safetyIdentifier: boolean;
      readonly baseUrl: string;
      readonly apiKey: string | null;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'gemini';
      readonly baseUrl: string;
      readonly apiKey: string | null;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'local';
      /** GGUF file, absolute. */
      readonly path: string;
      readonly contextTokens: number;
      /** Generations at once; more wait in line. */
      readonly parallel: number;
      /** Requests that may wait; one more is refused as `unavailable`. */
      readonly queueMax: number;
      /** 0 uses all cores. */
      readonly threads: number;
      /** Folder of the package node-llama-cpp, absolute; null finds it beside Candor. */
      readonly packageDir: string | null;
    }
  | { readonly kind: 'demo'; readonly tokensPerSecond: number };

/** OpenAI itself and everything that speaks its chat completions: vLLM, Ollama, llama.cpp's server, Azure. */
export interface OpenAiProviderConfig {
  readonly kind: 'openai';
  readonly baseUrl: string;
  readonly apiKey: string | null;
  /** Azure: `api-key` header, deployment in the path, `api-version` in the query. */
  readonly azure: { readonly apiVersion: string } | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it takes `stream_options.include_usage`; almost all do. */
  readonly streamUsage: boolean;
  /** Send `max_tokens` instead of `max_completion_tokens`; older servers know only the former. */
  readonly legacyMaxTokens: boolean;
  /** Tell it whom a request is for, by a digest. */
  readonly safetyIdentifier: boolean;
}

export interface ModelConfig {
  readonly targets: readonly TargetConfig[];
  /** Aliases tried, in order, when every target of this one fails before the first byte. */
  readonly fallbacks: readonly string[];
  readonly limits: LimitSet;
  readonly ownedBy: string;
  /** Largest context the model takes, input and output; null when unknown. */
  readonly contextTokens: number | null;
  /** Output a request gets at most, also when it sets no limit; null leaves it to caller and upstream. */
  readonly maxOutputTokens: number | null;
  /** Left to whoever is throttled. */
  readonly small: boolean;
}

export interface TargetConfig {
  /** A name from `providers`. */
  readonly provider: string;
  /** The upstream's own name of the model. */
  readonly upstreamModel: string;
  /** Share of traffic among the targets of one alias, more than 0. */
  readonly weight: number;
  readonly passFields: '*' | readonly string[];
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstTokenMs: number;
    readonly stallMs: number;
    readonly totalMs: number;
  };
  /** Requests in flight to this target. */
  readonly concurrencyMax: number;
}

/** Absent members are not limited. */
export interface LimitSet {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrency?: number;
}

export interface ProductConfig {
  /** How long a generation goes on after its caller's socket closed, waiting for a resume; 0 cancels at once. */
  readonly disconnectGraceMs: number;
  /** How prompts and replies of this product are kept; null keeps none. */
  readonly capture: { readonly retentionDays: number; readonly bytesMax: number } | null;
  /** Whether what is asked and answered is looked at. */
  readonly moderated: boolean;
}

export interface StreamingConfig {
  /** Above this many live streams, frames are held back and sent together. */
  readonly coalesceAbove: number;
  readonly coalesceMs: number;
  /** Bytes one stream may hold for a slow reader before the upstream is no longer read. */
  readonly bufferBytesMax: number;
  /** A reader that takes nothing for this long is cut. */
  readonly writeStallMs: number;
}

export interface RoutingConfig {
  /** Attempts for one request, the first included. */
  readonly attemptsMax: number;
  /** Retries as a share of first attempts, per provider. */
  readonly retryRatio: number;
  readonly breaker: {
    readonly samples: number;
    readonly failureRatio: number;
    readonly openMs: number;
  };
}

export interface TelemetryConfig {
  /** Bearer token of `/metrics`; null leaves `/metrics` to the control API. */
  readonly metricsToken: string | null;
  /** OTLP over HTTP; null sends nothing. */
  readonly otlp: {
    readonly endpoint: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly sampleRatio: number;
  } | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}
