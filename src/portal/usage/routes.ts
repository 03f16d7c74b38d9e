import { type Context, Hono } from 'hono';
import type { Keys } from '../../accounts/index.ts';
import { ok } from '../../base/result.ts';
import { readBody, refuseField } from '../../http/body.ts';
import type { ControlVariables } from '../../http/control-api.ts';
import {
  answerAsCsv,
  askColumns,
  askUsage,
  type EventsDeps,
  type EventsQuery,
  listEvents,
  namesIn,
  questionProblem,
  refuseProblem,
  spanProblem,
  thingsOf,
} from '../../metering/index.ts';
import { type Asker, type Belonging, type PortalContext, seesAll } from '../belonging.ts';
import { namesFor } from '../names.ts';
import { absent, asAsker, say } from '../refusals.ts';
import {
  PORTAL_EXPORT_ROWS_MAX,
  type PortalRequestRow,
  portalRequestsQuery,
  type PortalUsageAnswer,
  portalUsageQuery,
} from './contract.ts';
import { limitsNowOf, type LimitsParts } from './limits.ts';
import { ownWhere, toAppNames, toUsageQuestion } from './question.ts';
import { findReceipt, type ReceiptDeps } from './receipt.ts';
import { requestsAsCsv, toRequestRow } from './rows.ts';
import type { Turns } from './turns.ts';

export interface PortalUsageDeps extends ReceiptDeps, LimitsParts {
  /** The monitor; what it calls apps is not for accounts, so names are taken from elsewhere. */
  readonly explore: Omit<EventsDeps, 'names'>;
  readonly keys: Pick<Keys, 'get'>;
  readonly belonging: Belonging;
  readonly turns: Turns;
}

const ACCOUNT = '/portal/v1/accounts/:account';
type Routes = Hono<{ Variables: ControlVariables }>;

/** What an account used: questions, single requests, their receipts, and limits as they stand. */
export function portalUsageRoutes(deps: PortalUsageDeps): Routes {
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();
  addQuestions(routes, deps);
  addRequests(routes, deps);
  addReading(routes, deps);
  return routes;
}

function addQuestions(routes: Routes, deps: PortalUsageDeps): void {
  async function ask(context: PortalContext, asker: Asker, as: 'json' | 'csv'): Promise<Response> {
    const read = await readBody(context, portalUsageQuery);
    if (!read.ok) return read.refusal;
    const question = toUsageQuestion(asker, read.value);
    const problem = refuseProblem(context, questionProblem(question));
    if (problem !== null) return problem;
    return inTurn(context, asker, deps, async () => {
      const { took_ms, ...answer } = await askUsage(deps.explore, question);
      if (as === 'csv') return asFile(context, answerAsCsv(question, { ...answer, took_ms }), 'usage', question);
      const members = answer.rows.map(({ group }) => group.member);
      const names = namesIn(thingsOf(answer.rows), toAppNames(await namesFor(deps, asker.accountId, members)));
      const told: PortalUsageAnswer = { ...answer, took_ms, names, own_only: !seesAll(asker.membership) };
      return context.json(told);
    });
  }

  routes.post(
    `${ACCOUNT}/usage/query`,
    asAsker(deps.belonging, (context, asker) => ask(context, asker, 'json')),
  );
  routes.post(
    `${ACCOUNT}/usage/export`,
    asAsker(deps.belonging, (context, asker) => ask(context, asker, 'csv')),
  );
}

function addRequests(routes: Routes, deps: PortalUsageDeps): void {
  async function withQuery(
    context: PortalContext,
    asker: Asker,
    work: (query: EventsQuery) => Promise<Response>,
  ): Promise<Response> {
    const read = await readBody(context, portalRequestsQuery);
    if (!read.ok) return read.refusal;
    const query = { ...read.value, where: ownWhere(asker, read.value.where) };
    const problem = refuseProblem(context, spanProblem(query));
    return problem ?? inTurn(context, asker, deps, () => work(query));
  }

  async function page({ accountId }: Asker, query: EventsQuery) {
    const found = await listEvents({ ...deps.explore, names: toAppNames(await namesFor(deps, accountId, [])) }, query);
    if (!found.ok) return found;
    const { data, next, freshness } = found.value;
    const names = await namesFor(
      deps,
      accountId,
      data.map(({ member }) => member),
    );
    return ok({ data: data.map((row) => toRequestRow(row, names)), next, freshness });
  }

  routes.post(
    `${ACCOUNT}/requests/query`,
    asAsker(deps.belonging, (context, asker) =>
      withQuery(context, asker, async (query) => {
        const found = await page(asker, query);
        if (!found.ok) return refuseField(context, found.refusal);
        return context.json({ ...found.value, own_only: !seesAll(asker.membership) });
      }),
    ),
  );

  routes.post(
    `${ACCOUNT}/requests/export`,
    asAsker(deps.belonging, (context, asker) =>
      withQuery(context, asker, async (query) => {
        const rows: PortalRequestRow[] = [];
        let after = query.after;
        do {
          const found = await page(asker, { ...query, limit: PAGE_OF_FILE, after });
          if (!found.ok) return refuseField(context, found.refusal);
          rows.push(...found.value.data);
          after = found.value.next;
        } while (after !== null && rows.length < PORTAL_EXPORT_ROWS_MAX);
        return asFile(context, requestsAsCsv(rows), 'requests', query);
      }),
    ),
  );
}

const PAGE_OF_FILE = 2_000;

function addReading(routes: Routes, deps: PortalUsageDeps): void {
  routes.get(
    `${ACCOUNT}/requests/:request`,
    asAsker(deps.belonging, async (context, asker) => {
      const id = context.req.param('request') ?? '';
      const found = id.length <= REQUEST_ID_CHARS_MAX ? await findReceipt(deps, asker, id) : null;
      return found === null ? say(context, absent('request')) : context.json(found);
    }),
  );

  routes.get(
    `${ACCOUNT}/limits`,
    asAsker(deps.belonging, async (context, asker) => context.json(await limitsNowOf(asker, deps))),
  );
}

const REQUEST_ID_CHARS_MAX = 128;

/** Runs what asks the monitor when it is its turn, and says so where the monitor is not there. */
async function inTurn(
  context: Context,
  { accountId }: Asker,
  { turns, explore }: PortalUsageDeps,
  work: () => Promise<Response>,
): Promise<Response> {
  const answered = await turns(accountId, () => askColumns(context, explore.freshness, work));
  return answered.ok ? answered.value : say(context, answered.refusal);
}

/** `usage-2026-11-01-2026-11-22.csv` */
function asFile(
  context: Context,
  content: string,
  what: string,
  span: { readonly from: string; readonly to: string },
): Response {
  const day = (time: string) => new Date(time).toISOString().slice(0, 10);
  return context.body(content, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${what}-${day(span.from)}-${day(span.to)}.csv"`,
    'x-content-type-options': 'nosniff',
  });
}
