/**
 * The configuration file: every key, its unit, bounds and default. The descriptions are the reference documentation,
 * `docs/configuration.md` is made from them.
 */
import { z } from 'zod';
import {
  checkBaseUrl,
  checkHeaderName,
  checkHeaderValue,
  checkHost,
  checkHttpUrl,
  checkNetwork,
  checkOrigin,
  checkPlainHeaderName,
  checkVariableName,
} from './checks.ts';
import { checkPath } from './paths.ts';
import { consoleSection } from './schema/console.ts';
import { enforcement } from './schema/enforcement.ts';
import { reviewing } from './schema/reviewing.ts';
import { fraud } from './schema/fraud.ts';
import { idempotency } from './schema/idempotency.ts';
import { moderation } from './schema/moderation.ts';
import { monitor } from './schema/monitor.ts';
import { mail } from './schema/mail.ts';
import { outbound } from './schema/outbound.ts';
import { payments } from './schema/payments.ts';
import { plans } from './schema/plans.ts';
import { portalSection } from './schema/portal.ts';
import { pricing } from './schema/pricing.ts';
import { textThat } from './schema/text-that.ts';
import { vesting } from './schema/vesting.ts';

const DAY_MS = 86_400_000;

function named(pattern: RegExp, allowed: string) {
  return textThat((text) => (pattern.test(text) ? null : { message: 'is not a usable name', fix: `Use ${allowed}.` }));
}

function atMost<Entries extends z.ZodType>(entries: Entries, entriesMax: number) {
  return entries.superRefine((value, context) => {
    if (Object.keys(Object(value)).length <= entriesMax) return;
    const message = `has more than ${entriesMax} entries`;
    context.addIssue({ code: 'custom', message, params: { fix: `Keep at most ${entriesMax}.` } });
  });
}

const milliseconds = (min = 1) => z.int().min(min).max(DAY_MS);
const count = (min = 1) => z.int().min(min).max(1_000_000_000);

const providerName = named(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, '1 to 64 letters, digits, ".", "_" and "-"');
const modelName = named(/^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$/, '1 to 128 letters, digits and any of ._:/@+-');
/** `none` is what usage without a good key is called. */
const productName = named(
  /^(?!none$)[a-z0-9._-]{1,64}$/,
  '1 to 64 small letters, digits, ".", "_" and "-", but not `none`',
);

const server = z.strictObject({
  host: textThat(checkHost).default('127.0.0.1').describe('Address to listen on; `0.0.0.0` for every interface.'),
  port: z.int().min(0).max(65_535).default(8700).describe('Port to listen on; 0 takes any free one.'),
  data_dir: textThat(checkPath)
    .min(1)
    .default('./candor-data')
    .describe(
      'Folder of the database and the control socket; a relative path starts at the folder of this file, `~/` at home.',
    ),
  allowed_hosts: z
    .array(textThat(checkHost))
    .min(1)
    .nullable()
    .default(null)
    .describe('Host names callers may use, without port; `null` accepts every well-formed one.'),
  trusted_proxies: z
    .array(textThat(checkNetwork))
    .default([])
    .describe('Networks (CIDR) of proxies whose `x-forwarded-for` is believed.'),
  body_bytes_max: z.int().min(1024).max(1_073_741_824).default(20_971_520).describe('Largest request body.'),
  bodies_bytes_max: z
    .int()
    .min(1024)
    .max(1_099_511_627_776)
    .default(268_435_456)
    .describe('Request bodies that may be arriving at the same time, all callers together.'),
  body_timeout_ms: milliseconds().default(30_000).describe('Time a request body may take to arrive.'),
  drain_ms: milliseconds(0).default(30_000).describe('How long a stop signal waits for what is in flight.'),
  in_flight_max: count().default(5000).describe('Requests in flight, all callers together.'),
  cors_origins: z
    .array(textThat(checkOrigin))
    .default([])
    .describe("Browser origins that may call the API; `'*'` for all. Cookies are never allowed."),
});

const apiKeyEnv = textThat(checkVariableName)
  .nullable()
  .default(null)
  .describe('Name of the environment variable that holds the API key; `null` sends none.');
const headers = z
  .record(textThat(checkPlainHeaderName), textThat(checkHeaderValue))
  .default({})
  .describe('Headers added to every request, by name; for values that are no secret.');
const headersEnv = z
  .record(textThat(checkHeaderName), textThat(checkVariableName))
  .default({})
  .describe('Headers whose value is a secret: name of the header, name of the environment variable.');

const safetyIdentifier = z
  .boolean()
  .nullable()
  .default(null)
  .describe(
    'Whether the upstream is told whom a request is for, by a keyed digest of account and end user, so that it can cut ' +
      "off one of them and not all; `null`: where `base_url` is the vendor's own.",
  );

const openAiProvider = z.strictObject({
  kind: z
    .literal('openai')
    .describe('Everything that speaks chat completions: OpenAI, Azure, vLLM, Ollama, llama.cpp.'),
  base_url: textThat(checkBaseUrl).default('https://api.openai.com/v1').describe('Address before `/chat/completions`.'),
  api_key_env: apiKeyEnv,
  azure: z
    .strictObject({
      api_version: z
        .string()
        .regex(/^[A-Za-z0-9.-]{1,32}$/)
        .describe('The `api-version` of every request, such as `2024-10-21`.'),
    })
    .nullable()
    .default(null)
    .describe('For Azure: the key goes in `api-key`, the deployment (`upstream_model`) in the path.'),
  headers,
  headers_env: headersEnv,
  stream_usage: z.boolean().default(true).describe('Whether it takes `stream_options.include_usage`.'),
  legacy_max_tokens: z
    .boolean()
    .default(false)
    .describe('Send `max_tokens` instead of `max_completion_tokens`; older servers know only the former.'),
  safety_identifier: safetyIdentifier,
});

const anthropicProvider = z.strictObject({
  kind: z.literal('anthropic').describe('The Anthropic messages API.'),
  base_url: textThat(checkBaseUrl).default('https://api.anthropic.com/v1').describe('Address before `/messages`.'),
  api_key_env: apiKeyEnv,
  headers,
  headers_env: headersEnv,
  safety_identifier: safetyIdentifier,
});

const geminiProvider = z.strictObject({
  kind: z.literal('gemini').describe('The Gemini API.'),
  base_url: textThat(checkBaseUrl)
    .default('https://generativelanguage.googleapis.com/v1beta')
    .describe('Address before `/models`.'),
  api_key_env: apiKeyEnv,
  headers,
  headers_env: headersEnv,
});

const localProvider = z.strictObject({
  kind: z.literal('local').describe('A model file run on this machine; needs the package `node-llama-cpp`.'),
  path: textThat(checkPath)
    .min(1)
    .describe('The GGUF file; a relative path starts at the folder of this file, `~/` at home.'),
  context_tokens: z
    .int()
    .min(128)
    .max(10_000_000)
    .default(4096)
    .describe('Context of one generation, input and output.'),
  parallel: z.int().min(1).max(256).default(2).describe('Generations at once; more wait in line.'),
  queue_max: z.int().min(0).max(100_000).default(64).describe('Requests that may wait; one more is refused.'),
  threads: z.int().min(0).max(1024).default(0).describe('Processor threads; 0 uses all cores.'),
  package_dir: textThat(checkPath)
    .min(1)
    .nullable()
    .default(null)
    .describe('Folder of the package `node-llama-cpp`; `null` looks beside Candor.'),
});

const demoProvider = z.strictObject({
  kind: z.literal('demo').describe('Answers from nothing, without a network; to try and to test with.'),
  tokens_per_second: z
    .number()
    .positive()
    .max(1_000_000)
    .default(50)
    .describe('How fast it writes, whole answers as well as streamed ones.'),
});

const provider = z.discriminatedUnion('kind', [
  openAiProvider,
  anthropicProvider,
  geminiProvider,
  localProvider,
  demoProvider,
]);

/** Members that are `null` are not limited. */
function limitSet(defaults: { requests: number | null; tokens: number | null; concurrency: number | null }) {
  const limit = () => z.int().min(1).max(1_000_000_000_000).nullable();
  return z
    .strictObject({
      requests_per_minute: limit().default(defaults.requests).describe('Requests per minute; `null`: no limit.'),
      tokens_per_minute: limit().default(defaults.tokens).describe('Tokens per minute, in and out; `null`: no limit.'),
      concurrency: limit().default(defaults.concurrency).describe('Requests in flight at once; `null`: no limit.'),
    })
    .prefault({});
}

const UNLIMITED = { requests: null, tokens: null, concurrency: null };

const timeouts = z
  .strictObject({
    connect_ms: milliseconds().default(3000).describe('Time to a connection.'),
    first_token_ms: milliseconds().default(60_000).describe('Time to the first token.'),
    stall_ms: milliseconds().default(30_000).describe('Longest silence between two pieces of a stream.'),
    total_ms: milliseconds().default(600_000).describe('Time for the whole answer.'),
  })
  .prefault({});

const target = z.strictObject({
  provider: z.string().describe('A name from `providers`.'),
  upstream_model: z.string().min(1).max(256).describe("The upstream's own name of the model."),
  weight: z
    .number()
    .positive()
    .max(1_000_000)
    .default(1)
    .describe('Share of the traffic among the targets of this model.'),
  pass_fields: z
    .union([z.literal('*'), z.array(z.string().min(1).max(128)).max(256)])
    .default([])
    .describe("Request fields unknown to Candor that are passed on; `'*'` for all."),
  timeouts,
  concurrency_max: count().default(4000).describe('Requests in flight to this target.'),
});

const model = z.strictObject({
  targets: z.array(target).min(1).max(64).describe('Where the model is served; traffic is shared by weight.'),
  fallbacks: z
    .array(z.string())
    .max(16)
    .default([])
    .describe('Models tried, in order, when every target of this one fails before the first byte.'),
  limits: limitSet(UNLIMITED),
  owned_by: z
    .string()
    .min(1)
    .max(128)
    .nullable()
    .default(null)
    .describe('Shown in `/v1/models`; `null`: the first provider.'),
  context_tokens: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullable()
    .default(null)
    .describe('Largest context, input and output; `null`: unknown.'),
  max_output_tokens: z
    .int()
    .min(1)
    .max(1_000_000_000)
    .nullable()
    .default(null)
    .describe(
      'Output a request gets at most: a larger wish is lowered to it, and a request without a limit asks for it, ' +
        'or for what `context_tokens` leaves; `null`: what caller and upstream agree on.',
    ),
  small: z
    .boolean()
    .default(false)
    .describe(
      'A throttled caller may still use it. Where no model is marked, a throttle lowers the rate alone and leaves all models.',
    ),
});

const product = z.strictObject({
  disconnect_grace_ms: milliseconds(0)
    .default(0)
    .describe('How long a generation goes on after its caller is gone, waiting for a resume; 0 cancels at once.'),
  capture: z
    .strictObject({
      retention_days: z.int().min(1).max(3650).default(30).describe('Days until the content is taken away.'),
      bytes_max: z
        .int()
        .min(256)
        .max(16_777_216)
        .default(65_536)
        .describe('Kept of the prompt and of the reply, each; the rest is cut off and told.'),
    })
    .nullable()
    .default(null)
    .describe('Keeps prompts and replies of this product, sealed, for staff who may read them; `null` keeps none.'),
  moderation: z
    .enum(['on', 'off'])
    .default('on')
    .describe('Whether what is asked and answered is looked at, and judged by the policy of the product and plan.'),
});

const otlp = z.strictObject({
  endpoint: textThat(checkHttpUrl).describe('OTLP over HTTP: address before `/v1/traces` and `/v1/metrics`.'),
  headers,
  headers_env: headersEnv,
  sample_ratio: z.number().min(0).max(1).default(0.1).describe('Share of requests that are traced.'),
});

export const configFile = z.strictObject({
  server: server.prefault({}).describe('The listener.'),
  console: consoleSection,
  portal: portalSection,
  providers: atMost(z.record(providerName, provider), 256)
    .optional()
    .describe(
      'Upstreams by the name targets use. Without providers and models, `demo` serves two models of that name.',
    ),
  models: atMost(z.record(modelName, model), 1024)
    .optional()
    .describe('What callers may ask for, by the name they use.'),
  products: atMost(z.record(productName, product), 1024)
    .default({})
    .describe('Products keys belong to; `api` always exists.'),
  limits: z
    .strictObject({
      key: limitSet({ requests: 6000, tokens: 2_000_000, concurrency: 200 }).describe(
        'Each key, unless it has its own.',
      ),
      app: limitSet(UNLIMITED).describe('Each app.'),
      account: limitSet(UNLIMITED).describe('Each account.'),
    })
    .prefault({})
    .describe('Limits for every key, app and account.'),
  streaming: z
    .strictObject({
      coalesce_above: count(0).default(500).describe('Above this many live streams, frames are sent together.'),
      coalesce_ms: z.int().min(1).max(1000).default(50).describe('How long frames are then held back.'),
      buffer_bytes_max: z
        .int()
        .min(4096)
        .max(67_108_864)
        .default(262_144)
        .describe('What one stream may hold for a slow reader before the upstream is no longer read.'),
      write_stall_ms: milliseconds().default(30_000).describe('A reader that takes nothing for this long is cut.'),
    })
    .prefault({})
    .describe('How streams are written.'),
  responses: z
    .strictObject({
      store_by_default: z.boolean().default(true).describe('Whether a response is kept when its request does not say.'),
      retention_days: z.int().min(1).max(3650).default(30).describe('How long a stored response is kept.'),
      stored_bytes_max: z.int().min(1024).max(67_108_864).default(1_048_576).describe('Largest stored response.'),
    })
    .prefault({})
    .describe('Stored responses of `/v1/responses`.'),
  enforcement,
  reviewing,
  fraud,
  idempotency,
  moderation,
  monitor,
  mail,
  outbound,
  payments,
  plans,
  pricing,
  vesting,
  routing: z
    .strictObject({
      attempts_max: z.int().min(1).max(16).default(3).describe('Attempts for one request, the first included.'),
      retry_ratio: z
        .number()
        .min(0)
        .max(1)
        .default(0.1)
        .describe('Retries as a share of first attempts, per provider.'),
      breaker: z
        .strictObject({
          samples: z.int().min(1).max(10_000).default(20).describe('Latest attempts a target is judged by.'),
          failure_ratio: z
            .number()
            .positive()
            .max(1)
            .default(0.5)
            .describe('Share of failures that opens the breaker.'),
          open_ms: milliseconds().default(10_000).describe('How long an open breaker keeps a target out.'),
        })
        .prefault({})
        .describe('When a failing target is left alone.'),
    })
    .prefault({})
    .describe('What happens when an upstream fails.'),
  telemetry: z
    .strictObject({
      log_level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .describe('Least severe entry that is logged.'),
      otlp: otlp.nullable().default(null).describe('OpenTelemetry export; `null` sends nothing.'),
    })
    .prefault({})
    .describe('Logs and traces. The token of `/metrics` is the environment variable `CANDOR_METRICS_TOKEN`.'),
});

export type ConfigFile = z.output<typeof configFile>;
export type ProviderEntry = z.output<typeof provider>;
export type ModelEntry = z.output<typeof model>;
export type ProductEntry = z.output<typeof product>;
