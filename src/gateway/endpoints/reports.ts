import { toIso } from '../../base/calendar.ts';
import type { JsonObject } from '../../base/json.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { REPORT_CATEGORIES, REPORT_CHARS_MAX, type ReportOrder, type Reports } from '../../enforcement/index.ts';
import type { ApiKey } from '../../accounts/index.ts';
import { Fields } from '../fields.ts';
import { errorBody } from '../openai/errors.ts';
import type { Call } from '../pipeline/call.ts';
import type { PipelineDeps } from '../pipeline/deps.ts';
import type { Draft } from '../pipeline/draft.ts';
import { readBody } from '../pipeline/read-body.ts';
import { runSimple } from '../pipeline/run-simple.ts';
import { type Refusal, refusal } from '../refusal.ts';

/**
 * `POST /v1/reports` with `{"request_id", "category", "text"}`: that an answer should not have been given. Of a request of
 * the same account or product; any other is as good as absent.
 */
export function fileReport(
  call: Call,
  draft: Draft,
  reports: Pick<Reports, 'file'>,
  deps: PipelineDeps,
): Promise<Response> {
  return runSimple(
    call,
    draft,
    {
      scope: 'inference',
      encodeError: errorBody,
      takesPlace: true,
      async answer(key) {
        const body = await readBody(call.request, deps.config.server, deps.bodies);
        if (!body.ok) return body;
        const asked = parseReport(body.value.json);
        if (!asked.ok) return asked;
        const { requestId } = asked.value;
        if (!(await isTheirs(requestId, key, deps)))
          return refuse(refusal('report_request_not_found', { id: requestId }));
        const { accountId } = key;
        const order = { reporterId: accountId, accountId, personId: null, app: null, ...asked.value };
        const filed = await reports.file(order);
        if (!filed.ok) return refuse(explain(filed.refusal));
        const { id, atMs, category, repeated } = filed.value;
        return ok({ object: 'report', id, at: toIso(atMs), request_id: requestId, category, repeated });
      },
    },
    deps,
  );
}

async function isTheirs(requestId: string, { accountId, product }: ApiKey, deps: PipelineDeps): Promise<boolean> {
  const event = await deps.recordOf(requestId);
  return event !== null && (event.accountId === accountId || event.product === product);
}

type Asked = Pick<ReportOrder, 'category' | 'text'> & { readonly requestId: string };

const REQUEST_ID_CHARS_MAX = 64;
const CATEGORIES = REPORT_CATEGORIES.join(', ');

function parseReport(body: JsonObject): Result<Asked, Refusal> {
  const fields = new Fields('/v1/reports');
  for (const name of Object.keys(body)) {
    if (name !== 'request_id' && name !== 'category' && name !== 'text') fields.unsupported(name);
  }
  const requestId = fields.requiredString(body, 'request_id', '', REQUEST_ID_CHARS_MAX);
  const wanted = fields.requiredString(body, 'category', '');
  const category = REPORT_CATEGORIES.find((one) => one === wanted);
  if (category === undefined) fields.invalid('category', `must be one of ${CATEGORIES}`, `必须是 ${CATEGORIES} 之一`);
  const text = fields.string(body, 'text', '', REPORT_CHARS_MAX) ?? '';
  if (fields.problem) return refuse(fields.problem);
  return category === undefined ? refuse(refusal('internal')) : ok({ requestId, category, text });
}

type FileRefusal = Extract<Awaited<ReturnType<Reports['file']>>, { ok: false }>['refusal'];

function explain({ reason, message, retryAfterMs }: FileRefusal): Refusal {
  if (reason === 'too_often') {
    const seconds = Math.ceil((retryAfterMs ?? 0) / 1_000);
    return refusal('reports_too_often', { seconds }, retryAfterMs === null ? {} : { retryAfterMs });
  }
  return refusal('invalid_field', { detail: message, detail_zh: '不符合要求' }, { param: 'text' });
}
