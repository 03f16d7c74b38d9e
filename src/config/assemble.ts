import { type Environment, readVariable } from './env.ts';
import type { Config, LimitSet, ModelConfig, ProductConfig, ProviderConfig, TargetConfig } from './config.ts';
import { assembleConsole } from './console.ts';
import { assembleModeration } from './moderation.ts';
import { assembleMonitor } from './monitor.ts';
import { assembleFraud } from './fraud.ts';
import { absolutePath } from './paths.ts';
import { assembleMail } from './mail.ts';
import { assemblePayments } from './payments.ts';
import { assemblePlans } from './plans.ts';
import { assemblePortal } from './portal.ts';
import { assemblePricing } from './pricing.ts';
import type { Finding } from './problem.ts';
import { describeSettings } from './settings.ts';
import { assembleEnforcement } from './enforcement.ts';
import { assembleReviewing } from './reviewing.ts';
import { assembleVesting } from './vesting.ts';
import type { ConfigFile, ModelEntry, ProductEntry, ProviderEntry } from './schema.ts';

/** What assembling needs from outside the file. */
export interface Surroundings {
  readonly env: Environment;
  /** Where relative paths of the file start. */
  readonly folder: string;
  /** What the file itself says, before defaults. */
  readonly written: unknown;
  isFile(path: string): boolean;
}

const HOUR_MS = 3_600_000;

/** The whole of `Config` but what the environment may override; `found` collects what is missing outside the file. */
export function assemble(file: ConfigFile, surroundings: Surroundings, found: Finding[]): Config {
  const { streaming, idempotency, routing } = file;
  return {
    server: assembleServer(file.server, surroundings),
    console: assembleConsole(file.console),
    portal: assemblePortal(file.portal, { host: file.server.host, mail: file.mail, env: surroundings.env }, found),
    providers: mapRecord(file.providers ?? {}, (entry, name) =>
      assembleProvider(entry, surroundings, ['providers', name], found),
    ),
    models: mapRecord(file.models ?? {}, assembleModel),
    products: mapRecord(
      {
        api: { disconnect_grace_ms: 0, capture: null, moderation: 'on' },
        ...file.products,
      } satisfies ConfigFile['products'],
      (entry: ProductEntry): ProductConfig => ({
        disconnectGraceMs: entry.disconnect_grace_ms,
        capture: entry.capture && {
          retentionDays: entry.capture.retention_days,
          bytesMax: entry.capture.bytes_max,
        },
        moderated: entry.moderation === 'on',
      }),
    ),
    limits: {
      key: assembleLimits(file.limits.key),
      app: assembleLimits(file.limits.app),
      account: assembleLimits(file.limits.account),
    },
    streaming: {
      coalesceAbove: streaming.coalesce_above,
      coalesceMs: streaming.coalesce_ms,
      bufferBytesMax: streaming.buffer_bytes_max,
      writeStallMs: streaming.write_stall_ms,
    },
    responses: assembleResponses(file.responses),
    enforcement: assembleEnforcement(file.enforcement, (path) =>
      absolutePath(path, surroundings.folder, surroundings.env),
    ),
    reviewing: assembleReviewing(file.reviewing),
    idempotency: {
      retentionMs: idempotency.retention_hours * HOUR_MS,
      answerBytesMax: idempotency.answer_bytes_max,
      answersPerKeyMax: idempotency.answers_per_key_max,
    },
    moderation: assembleModeration(file.moderation),
    monitor: assembleMonitor(file.monitor, (path) => absolutePath(path, surroundings.folder, surroundings.env)),
    payments: assemblePayments(file.payments, surroundings.env, found),
    mail: assembleMail(file.mail, surroundings.env, found),
    outbound: { internalHosts: file.outbound.internal_hosts },
    plans: assemblePlans(file.plans, found),
    pricing: assemblePricing(file.pricing, found),
    fraud: assembleFraud(file.fraud, surroundings.folder, surroundings.env),
    vesting: assembleVesting(file.vesting, Object.keys(file.models ?? {}), found),
    routing: {
      attemptsMax: routing.attempts_max,
      retryRatio: routing.retry_ratio,
      breaker: {
        samples: routing.breaker.samples,
        failureRatio: routing.breaker.failure_ratio,
        openMs: routing.breaker.open_ms,
      },
    },
    telemetry: assembleTelemetry(file.telemetry, surroundings, found),
    settings: describeSettings(file, surroundings.written, surroundings.env),
  };
}

function assembleServer(server: ConfigFile['server'], { folder, env }: Surroundings): Config['server'] {
  return {
    host: server.host,
    port: server.port,
    dataDir: absolutePath(server.data_dir, folder, env),
    allowedHosts: server.allowed_hosts?.map((host) => host.toLowerCase()) ?? null,
    trustedProxies: server.trusted_proxies,
    bodyBytesMax: server.body_bytes_max,
    bodiesBytesMax: server.bodies_bytes_max,
    bodyTimeoutMs: server.body_timeout_ms,
    drainMs: server.drain_ms,
    inFlightMax: server.in_flight_max,
    corsOrigins: server.cors_origins,
  };
}

function assembleTelemetry(
  entry: ConfigFile['telemetry'],
  surroundings: Surroundings,
  found: Finding[],
): Config['telemetry'] {
  const { otlp } = entry;
  return {
    metricsToken: null,
    otlp:
      otlp === null
        ? null
        : {
            endpoint: withoutSlash(otlp.endpoint),
            headers: assembleHeaders(otlp, surroundings.env, ['telemetry', 'otlp'], found),
            sampleRatio: otlp.sample_ratio,
          },
    logLevel: entry.log_level,
  };
}

function assembleProvider(
  entry: ProviderEntry,
  surroundings: Surroundings,
  path: readonly string[],
  found: Finding[],
): ProviderConfig {
  switch (entry.kind) {
    case 'demo':
      return { kind: 'demo', tokensPerSecond: entry.tokens_per_second };
    case 'local':
      return {
        kind: 'local',
        path: existingFile(entry.path, surroundings, path, found),
        contextTokens: entry.context_tokens,
        parallel: entry.parallel,
        queueMax: entry.queue_max,
        threads: entry.threads,
        packageDir:
          entry.package_dir === null ? null : absolutePath(entry.package_dir, surroundings.folder, surroundings.env),
      };
    case 'anthropic':
      return {
        kind: 'anthropic',
        ...assembleUpstream(entry, surroundings.env, path, found),
        safetyIdentifier: entry.safety_identifier ?? isVendor(entry.base_url, 'api.anthropic.com'),
      };
    case 'gemini':
      return { kind: entry.kind, ...assembleUpstream(entry, surroundings.env, path, found) };
    case 'openai':
      return {
        kind: 'openai',
        ...assembleUpstream(entry, surroundings.env, path, found),
        azure: entry.azure === null ? null : { apiVersion: entry.azure.api_version },
        streamUsage: entry.stream_usage,
        legacyMaxTokens: entry.legacy_max_tokens,
        safetyIdentifier: entry.safety_identifier ?? isVendor(entry.base_url, 'api.openai.com'),
      };
  }
}

function assembleResponses(entry: ConfigFile['responses']): Config['responses'] {
  return {
    storeByDefault: entry.store_by_default,
    retentionDays: entry.retention_days,
    storedBytesMax: entry.stored_bytes_max,
  };
}

function isVendor(baseUrl: string, host: string): boolean {
  return new URL(baseUrl).hostname === host;
}

function assembleUpstream(
  entry: Exclude<ProviderEntry, { kind: 'demo' | 'local' }>,
  env: Environment,
  path: readonly string[],
  found: Finding[],
) {
  const apiKey = entry.api_key_env === null ? null : secret(entry.api_key_env, env, [...path, 'api_key_env'], found);
  return { baseUrl: withoutSlash(entry.base_url), apiKey, headers: assembleHeaders(entry, env, path, found) };
}

function assembleHeaders(
  entry: { headers: Readonly<Record<string, string>>; headers_env: Readonly<Record<string, string>> },
  env: Environment,
  path: readonly string[],
  found: Finding[],
): Readonly<Record<string, string>> {
  const secrets = mapRecord(entry.headers_env, (variable, name) =>
    secret(variable, env, [...path, 'headers_env', name], found),
  );
  return { ...entry.headers, ...secrets };
}

/** The value of a variable the file names; a header must be able to carry it. */
function secret(variable: string, env: Environment, path: readonly string[], found: Finding[]): string {
  const value = readVariable(env, variable);
  if (value === null) {
    const without = path.at(-1) === 'api_key_env' ? 'this provider and the targets that name it' : 'this header';
    const fix = `Set it with \`export ${variable}=...\`, or remove ${without}.`;
    found.push({ path, at: 'value', message: `the environment variable ${variable} is not set`, fix });
    return '';
  }
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value)) {
    const fix = 'Set it to the secret alone: no spaces around it, no line ends.';
    found.push({ path, at: 'value', message: `${variable} holds characters a header cannot carry`, fix });
  }
  return value;
}

function existingFile(written: string, surroundings: Surroundings, path: readonly string[], found: Finding[]): string {
  const absolute = absolutePath(written, surroundings.folder, surroundings.env);
  if (!surroundings.isFile(absolute)) {
    const fix = 'Download the GGUF file to this path, or correct the path.';
    found.push({ path: [...path, 'path'], at: 'value', message: `there is no file ${absolute}`, fix });
  }
  return absolute;
}

function assembleModel(entry: ModelEntry): ModelConfig {
  return {
    targets: entry.targets.map(assembleTarget),
    fallbacks: entry.fallbacks,
    limits: assembleLimits(entry.limits),
    ownedBy: entry.owned_by ?? entry.targets[0]?.provider ?? 'candor',
    contextTokens: entry.context_tokens,
    maxOutputTokens: entry.max_output_tokens,
    small: entry.small,
  };
}

function assembleTarget(entry: ModelEntry['targets'][number]): TargetConfig {
  return {
    provider: entry.provider,
    upstreamModel: entry.upstream_model,
    weight: entry.weight,
    passFields: entry.pass_fields,
    timeouts: {
      connectMs: entry.timeouts.connect_ms,
      firstTokenMs: entry.timeouts.first_token_ms,
      stallMs: entry.timeouts.stall_ms,
      totalMs: entry.timeouts.total_ms,
    },
    concurrencyMax: entry.concurrency_max,
  };
}

function assembleLimits(entry: ConfigFile['limits']['key']): LimitSet {
  return {
    ...(entry.requests_per_minute === null ? {} : { requestsPerMinute: entry.requests_per_minute }),
    ...(entry.tokens_per_minute === null ? {} : { tokensPerMinute: entry.tokens_per_minute }),
    ...(entry.concurrency === null ? {} : { concurrency: entry.concurrency }),
  };
}

/** Without a prototype, so that a caller who asks for the model `constructor` finds nothing. */
function mapRecord<In, Out>(
  record: Readonly<Record<string, In>>,
  map: (value: In, name: string) => Out,
): Readonly<Record<string, Out>> {
  const made = Object.create(null) as Record<string, Out>;
  for (const [name, value] of Object.entries(record)) made[name] = map(value, name);
  return made;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
