import { kind, type RefusalKind } from './refusal-kind.ts';
import { REFUSALS_OF_CONDUCT } from './refusals-of-conduct.ts';
import { REFUSALS_OF_MONEY } from './refusals-of-money.ts';

/**
 * Everything Candor says no with, in one table: the HTTP status, OpenAI's `type` and `code` where one exists, whether
 * trying again can help, and the sentence a person reads in both languages. `{name}` stands for a detail.
 */
export const REFUSALS = {
  // who is asking
  missing_key: kind(
    401,
    'authentication_error',
    'missing_api_key',
    'no',
    'No API key was sent. Send it as "Authorization: Bearer cd_live_...".',
    '没有提供 API 密钥。请用 “Authorization: Bearer cd_live_...” 发送。',
  ),
  invalid_key: kind(
    401,
    'authentication_error',
    'invalid_api_key',
    'no',
    'This API key is not valid. Check that it was copied whole.',
    '此 API 密钥无效。请检查是否完整复制。',
  ),
  key_revoked: kind(
    401,
    'authentication_error',
    'key_revoked',
    'no',
    'This API key was revoked. Use another key or ask its owner for a new one.',
    '此 API 密钥已被吊销。请换一个密钥，或向其所有者申请新密钥。',
  ),
  key_expired: kind(
    401,
    'authentication_error',
    'key_expired',
    'no',
    'This API key expired. Ask its owner to rotate it.',
    '此 API 密钥已过期。请让其所有者轮换。',
  ),
  key_scope: kind(
    403,
    'permission_error',
    'key_scope',
    'no',
    'This API key may not use this endpoint: it lacks the scope "{scope}".',
    '此 API 密钥无权使用该接口：缺少权限 “{scope}”。',
  ),
  key_network: kind(
    403,
    'permission_error',
    'key_network',
    'no',
    'This API key may not be used from your network.',
    '此 API 密钥不允许从你的网络使用。',
  ),
  model_not_allowed: kind(
    403,
    'permission_error',
    'model_not_allowed',
    'no',
    'This API key may not use the model "{model}".',
    '此 API 密钥无权使用模型 “{model}”。',
  ),
  // what is asked
  host_invalid: kind(
    400,
    'invalid_request_error',
    'host_invalid',
    'no',
    'The Host header is not one this service answers to.',
    'Host 请求头不是本服务的地址。',
  ),
  path_unknown: kind(
    404,
    'invalid_request_error',
    'path_unknown',
    'no',
    'There is no such endpoint: {method} {path}.{hint}',
    '没有这个接口：{method} {path}。{hint}',
  ),
  method_not_allowed: kind(
    405,
    'invalid_request_error',
    'method_not_allowed',
    'no',
    'This endpoint takes {allowed}, not {method}.',
    '此接口只接受 {allowed}，不接受 {method}。',
  ),
  body_too_large: kind(
    413,
    'invalid_request_error',
    'body_too_large',
    'no',
    'The body is larger than {limit} bytes.',
    '请求体超过 {limit} 字节。',
  ),
  body_timeout: kind(
    408,
    'invalid_request_error',
    'body_timeout',
    'no',
    'The body did not arrive within {limit} ms.',
    '请求体未在 {limit} 毫秒内到达。',
  ),
  body_not_json: kind(
    400,
    'invalid_request_error',
    'body_not_json',
    'no',
    'The body is not valid JSON: {detail}.',
    '请求体不是有效的 JSON：{detail}。',
  ),
  content_encoding: kind(
    415,
    'invalid_request_error',
    'content_encoding',
    'no',
    'Compressed bodies are not accepted; send the body as it is.',
    '不接受压缩的请求体，请直接发送。',
  ),
  invalid_field: kind(
    400,
    'invalid_request_error',
    'invalid_value',
    'no',
    '"{param}" {detail}.',
    '字段 “{param}” 无效：{detail}。',
  ),
  missing_field: kind(
    400,
    'invalid_request_error',
    'missing_required_parameter',
    'no',
    '"{param}" is required.',
    '缺少必填字段 “{param}”。',
  ),
  unsupported_field: kind(
    400,
    'invalid_request_error',
    'unsupported_parameter',
    'no',
    '"{param}" is not supported by {where}.',
    '{where} 不支持字段 “{param}”。',
  ),
  model_not_found: kind(
    404,
    'invalid_request_error',
    'model_not_found',
    'no',
    'There is no model "{model}" here. GET /v1/models lists those your key may use.',
    '这里没有模型 “{model}”。GET /v1/models 可列出你的密钥可用的模型。',
  ),
  context_too_long: kind(
    400,
    'invalid_request_error',
    'context_length_exceeded',
    'no',
    'The input is about {used} tokens; "{model}" takes at most {limit}.',
    '输入约 {used} 个 token，模型 “{model}” 最多接受 {limit} 个。',
  ),
  response_not_found: kind(
    404,
    'invalid_request_error',
    'response_not_found',
    'no',
    'There is no stored response "{id}".',
    '找不到已保存的回复 “{id}”。',
  ),
  generation_not_found: kind(
    404,
    'invalid_request_error',
    'generation_not_found',
    'no',
    'There is no generation "{id}" in progress.',
    '没有正在进行的生成任务 “{id}”。',
  ),
  // what may be spent
  ...REFUSALS_OF_MONEY,
  // how much is asked
  request_rate: kind(
    429,
    'rate_limit_error',
    'rate_limit_exceeded',
    'yes',
    'Too many requests: this {who} may send {limit} a minute. Try again in {seconds} s.',
    '请求过多：此{who}每分钟最多 {limit} 次。请在 {seconds} 秒后重试。',
  ),
  token_rate: kind(
    429,
    'rate_limit_error',
    'rate_limit_exceeded',
    'yes',
    'Too many tokens: this {who} may use {limit} a minute and this request needs about {used}. Try again in {seconds} s.',
    'token 用量过大：此{who}每分钟最多 {limit} 个，本次约需 {used} 个。请在 {seconds} 秒后重试。',
  ),
  token_rate_never: kind(
    429,
    'rate_limit_error',
    'request_too_large',
    'no',
    'This request needs about {used} tokens, more than the {limit} a minute this {who} may use at all. Shorten it or lower the output limit.',
    '本次约需 {used} 个 token，超过此{who}每分钟 {limit} 个的上限。请缩短输入或降低输出上限。',
  ),
  concurrency: kind(
    429,
    'rate_limit_error',
    'concurrency_limit_exceeded',
    'yes',
    'Too many requests at once: this {who} may have {limit} in flight. Try again in {seconds} s.',
    '同时请求过多：此{who}最多同时进行 {limit} 个。请在 {seconds} 秒后重试。',
  ),
  overloaded: kind(
    503,
    'server_error',
    'overloaded',
    'yes',
    'The service is at its limit. Try again in {seconds} s.',
    '服务已达上限。请在 {seconds} 秒后重试。',
  ),
  draining: kind(
    503,
    'server_error',
    'draining',
    'yes',
    'This server is restarting. Try again in {seconds} s.',
    '服务器正在重启。请在 {seconds} 秒后重试。',
  ),
  storage_unavailable: kind(
    503,
    'server_error',
    'storage_unavailable',
    'yes',
    'The service cannot record requests right now, so it takes none.',
    '服务暂时无法记录请求，因此不接受新请求。',
  ),
  // what came of it
  upstream_unavailable: kind(
    503,
    'server_error',
    'upstream_unavailable',
    'yes',
    'No upstream for "{model}" can take the request right now.',
    '模型 “{model}” 的上游暂时都不可用。',
  ),
  upstream_rate_limited: kind(
    429,
    'rate_limit_error',
    'upstream_rate_limited',
    'yes',
    'The upstream of "{model}" is at its limit.',
    '模型 “{model}” 的上游已触发限流。',
  ),
  upstream_failed: kind(
    502,
    'server_error',
    'upstream_failed',
    'yes',
    'The upstream of "{model}" failed before it answered.',
    '模型 “{model}” 的上游在应答前出错。',
  ),
  upstream_garbage: kind(
    502,
    'server_error',
    'upstream_garbage',
    'yes',
    'The upstream of "{model}" sent something that is not an answer.',
    '模型 “{model}” 的上游返回了无法识别的内容。',
  ),
  upstream_died: kind(
    502,
    'server_error',
    'upstream_died',
    'yes',
    'The upstream of "{model}" broke off in the middle of its answer.',
    '模型 “{model}” 的上游在应答中途断开。',
  ),
  upstream_stalled: kind(
    504,
    'server_error',
    'upstream_stalled',
    'yes',
    'The upstream of "{model}" fell silent in the middle of its answer.',
    '模型 “{model}” 的上游在应答中途停滞。',
  ),
  upstream_timeout: kind(
    504,
    'server_error',
    'upstream_timeout',
    'yes',
    'The upstream of "{model}" did not answer in time.',
    '模型 “{model}” 的上游未及时应答。',
  ),
  upstream_rejected: kind(
    400,
    'invalid_request_error',
    'upstream_rejected',
    'no',
    'The upstream of "{model}" refused this request: {detail}',
    '模型 “{model}” 的上游拒绝了此请求：{detail}',
  ),
  upstream_credential: kind(
    503,
    'server_error',
    'upstream_credential',
    'no',
    'The upstream of "{model}" refuses this service. Its operator must act; the log says what.',
    '模型 “{model}” 的上游拒绝了本服务，需由运营者处理，详见日志。',
  ),
  // what may be said and done
  ...REFUSALS_OF_CONDUCT,
  access_revoked: kind(
    401,
    'authentication_error',
    'access_revoked',
    'no',
    'Access was revoked while this answer was being written.',
    '在生成过程中访问权限已被撤销。',
  ),
  cancelled: kind(499, 'invalid_request_error', 'cancelled', 'no', 'The generation was cancelled.', '生成已被取消。'),
  client_gone: kind(
    499,
    'invalid_request_error',
    'client_gone',
    'no',
    'The caller closed the connection.',
    '调用方已断开连接。',
  ),
  reader_stalled: kind(
    499,
    'invalid_request_error',
    'reader_stalled',
    'no',
    'The caller stopped reading.',
    '调用方停止读取。',
  ),
  // asked again
  idempotency_key_invalid: kind(
    400,
    'invalid_request_error',
    'idempotency_key_invalid',
    'no',
    'Idempotency-Key must be 1 to 255 visible ASCII characters without spaces.',
    'Idempotency-Key 必须是 1 到 255 个不含空格的可见 ASCII 字符。',
  ),
  idempotency_key_reused: kind(
    409,
    'invalid_request_error',
    'idempotency_key_reused',
    'no',
    'This Idempotency-Key was used for another request. Use a new one for every new request.',
    '此 Idempotency-Key 已用于另一个请求。每个新请求请使用新的值。',
  ),
  idempotency_in_progress: kind(
    429,
    'rate_limit_error',
    'idempotency_in_progress',
    'yes',
    'Too many requests with this Idempotency-Key already wait for its answer.',
    '已有过多请求在等待此 Idempotency-Key 的回答。',
  ),
  idempotency_answer_too_large: kind(
    409,
    'invalid_request_error',
    'idempotency_answer_too_large',
    'no',
    'The request {id} with this Idempotency-Key was answered and charged, but its answer was too large to be kept.',
    '使用此 Idempotency-Key 的请求 {id} 已得到回答并计费，但其回答过大，未被保留。',
  ),
  idempotency_capacity: kind(
    429,
    'rate_limit_error',
    'idempotency_capacity',
    'no',
    'This API key has as many kept answers as it may. Send the request without Idempotency-Key, or wait a day.',
    '此 API 密钥保留的回答已达上限。请不带 Idempotency-Key 发送，或等待一天。',
  ),
  internal: kind(
    500,
    'server_error',
    'internal_error',
    'yes',
    'Something broke on our side. The request id tells the operator what.',
    '服务内部出错。运营者可凭请求 ID 查明原因。',
  ),
} as const satisfies Record<string, RefusalKind>;

export type RefusalReason = keyof typeof REFUSALS;

/** What a caller is told. `details` fill the sentence's `{names}`; they never hold prompts or keys. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly details: Readonly<Record<string, string | number>>;
  /** When trying again will work, milliseconds from now; absent when it is not known. */
  readonly retryAfterMs?: number;
  /** The offending field, as a path such as `messages[2].content`. */
  readonly param?: string;
  /** For 405. */
  readonly allow?: string;
  /** The decision behind it, and where it is contested; null where there is no such place. */
  readonly redress?: { readonly decisionId: string; readonly contestUrl: string | null };
}

export type Language = 'en' | 'zh';

export function refusal(
  reason: RefusalReason,
  details: Refusal['details'] = {},
  more: Partial<Pick<Refusal, 'retryAfterMs' | 'param' | 'allow' | 'redress'>> = {},
): Refusal {
  return { reason, details, ...more };
}

/** What a person reads: the sentence, and where to contest it where there is a decision. A detail that is itself a clause may come twice: `detail` in English, `detail_zh` in Chinese. */
export function refusalMessage(refused: Refusal, language: Language): string {
  const sentence = REFUSALS[refused.reason][language].replace(/\{(\w+)\}/g, (whole, name: string) =>
    String(
      refused.details[`${name}_${language}`] ??
        refused.details[name] ??
        (name === 'param' ? refused.param : undefined) ??
        whole,
    ),
  );
  return sentence + redressSentence(refused, language);
}

function redressSentence({ redress }: Refusal, language: Language): string {
  if (redress === undefined) return '';
  const { decisionId, contestUrl } = redress;
  if (language === 'zh') return `决定编号：${decisionId}。${contestUrl === null ? '' : `申诉地址：${contestUrl}`}`;
  return ` Decision ${decisionId}.${contestUrl === null ? '' : ` Contest it at ${contestUrl}`}`;
}

/** The members of an error that tell a machine which decision it comes of. */
export function redressMembers({ redress }: Refusal): { decision_id?: string; contest_url?: string | null } {
  return redress === undefined ? {} : { decision_id: redress.decisionId, contest_url: redress.contestUrl };
}
