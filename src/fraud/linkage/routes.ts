import { type Context, Hono } from 'hono';
import { toIso } from '../../base/calendar.ts';
import type { Clock } from '../../base/clock.ts';
import { readBody } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { readLimit } from '../../http/paging.ts';
import type { Writer } from '../../storage/sql/writer.ts';
import type { EvasionMatch, Link } from '../linkage.ts';
import {
  CLUSTER_ACCOUNTS_MAX,
  CLUSTERS_PAGE_MAX,
  type ClusterView,
  cutLinkBody,
  type EgressErrorView,
  type LinkView,
  markNetworkBody,
  type RiskView,
} from './contract.ts';
import { EGRESS_ERROR } from './measured.ts';
import type { OpenedLinkage } from './open-linkage.ts';
import type { Cluster, ShownEvidence } from './staff-side.ts';
import { dropNetworkMark, putNetworkMark } from './store.ts';

export interface LinkageRoutesParts {
  readonly opened: OpenedLinkage;
  readonly writer: Writer;
  readonly clock: Clock;
}

type Routes = Hono<{ Variables: ControlVariables }>;

/** The control API of linkage. */
export function linkageRoutes(parts: LinkageRoutesParts): Routes {
  const { opened, clock } = parts;
  const routes: Routes = new Hono<{ Variables: ControlVariables }>();

  routes.get('/control/v1/fraud/accounts/:id', (context) => {
    const linkage = opened.now();
    if (linkage === null) return refuseEarly(context);
    const id = context.req.param('id');
    const evidence = linkage.evidenceOf(id);
    if (evidence === null) return refuseUnknown(context, `nothing is known of the sign-up of account ${id}`);
    const operator = linkage.operatorOf(id);
    const view: RiskView = {
      account_id: id,
      operator: { id: operator.id, accounts: operator.accounts.length },
      evidence: evidence.map(toEvidenceView),
      links: linkage.linksOf(id, { fallen: true }).map(toLinkView),
      evasion: linkage.evasionOf(id, clock.wallMs()).map(toEvasionView),
      egress_error: errorOf(opened),
    };
    return context.json(view);
  });

  routes.get('/control/v1/fraud/clusters', (context) => {
    const linkage = opened.now();
    if (linkage === null) return refuseEarly(context);
    const limit = readLimit(context, CLUSTERS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const found = linkage.clusters(limit.value + 1, context.req.query('after') ?? null);
    const page = found.slice(0, limit.value);
    const next = found.length > page.length ? (page.at(-1)?.operatorId ?? null) : null;
    return context.json({ data: page.map(toClusterView), next });
  });

  routes.get('/control/v1/fraud/clusters/:id', (context) => {
    const linkage = opened.now();
    if (linkage === null) return refuseEarly(context);
    const id = context.req.param('id');
    const picture = linkage.clusterOf(id, CLUSTER_ACCOUNTS_MAX);
    if (picture === null) return refuseUnknown(context, `account ${id} belongs to no cluster`);
    return context.json({
      operator_id: linkage.operatorOf(id).id,
      accounts: picture.accounts.map(({ atMs, ...account }) => ({ ...account, at: toIso(atMs) })),
      links: picture.links.map(toLinkView),
      left: picture.left,
    });
  });

  addChanges(routes, parts);
  return routes;
}

function addChanges(routes: Routes, { opened, writer, clock }: LinkageRoutesParts): void {
  const { marks } = opened;

  routes.post('/control/v1/fraud/links/:id/cut', async (context) => {
    const body = await readBody(context, cutLinkBody);
    if (!body.ok) return body.refusal;
    const linkage = opened.now();
    if (linkage === null) return refuseEarly(context);
    const id = context.req.param('id');
    if (!linkage.cut(id, body.value.reason)) return refuseUnknown(context, `there is no link ${id} that holds`);
    await opened.settled();
    context.set('changes', { link: id, reason: body.value.reason });
    return context.json({ cut: id });
  });

  routes.get('/control/v1/fraud/networks', (context) => {
    if (opened.now() === null) return refuseEarly(context);
    const data = [...marks.values()].map(({ atMs, ...mark }) => ({ ...mark, at: toIso(atMs) }));
    return context.json({ data, error: errorOf(opened) });
  });

  routes.put('/control/v1/fraud/networks', async (context) => {
    const body = await readBody(context, markNetworkBody);
    if (!body.ok) return body.refusal;
    const linkage = opened.now();
    if (linkage === null) return refuseEarly(context);
    const { prefix, shared, reason } = body.value;
    const seemed = marks.get(prefix)?.seemed ?? linkage.egressOf(prefix).shared;
    if (!linkage.markNetwork(prefix, shared)) return refuseUnknown(context, `nobody signed up from ${prefix}`);
    if (shared === null) {
      await writer.write(dropNetworkMark(prefix));
      marks.delete(prefix);
    } else {
      const mark = { prefix, shared, seemed, reason, by: nameOf(context.get('actor')), atMs: clock.wallMs() };
      await writer.write(putNetworkMark(mark));
      marks.set(prefix, mark);
    }
    await opened.settled();
    context.set('changes', { prefix, shared, reason });
    return context.json({ prefix, ...linkage.egressOf(prefix), error: errorOf(opened) });
  });
}

/** Half of what is known would read as all of it. */
function refuseEarly(context: Context): Response {
  const message = 'what is known of who is behind accounts is still being read after the start; ask again in a moment';
  return context.json({ error: { reason: 'still_reading', message } }, 503, { 'retry-after': '5' });
}

function refuseUnknown(context: Context, message: string): Response {
  return context.json({ error: { reason: 'not_found', message } }, 404);
}

function errorOf({ marks }: OpenedLinkage): EgressErrorView {
  const said = [...marks.values()];
  return {
    simulated: { called_shared_wrongly: EGRESS_ERROR.calledSharedWrongly, missed: EGRESS_ERROR.missed },
    marked: { networks: said.length, wrong: said.filter(({ shared, seemed }) => shared !== seemed).length },
  };
}

function toEvidenceView({ seenAtMs, forgottenAtMs, ...shown }: ShownEvidence): RiskView['evidence'][number] {
  return { ...shown, seen_at: toIso(seenAtMs), forgotten_at: toIso(forgottenAtMs) };
}

function toLinkView({ id, accounts, strength, bits, agreements, atMs, expiresAtMs, fell }: Link): LinkView {
  return {
    id,
    accounts: [...accounts],
    strength,
    bits,
    agreements: agreements.map((one) => ({ ...one })),
    at: toIso(atMs),
    expires_at: toIso(expiresAtMs),
    fell: fell && { at: toIso(fell.atMs), reason: fell.reason },
  };
}

function toEvasionView({ sanctionedId, tier, bits, agreements }: EvasionMatch): RiskView['evasion'][number] {
  return { sanctioned_account_id: sanctionedId, tier, bits, agreements: agreements.map((one) => ({ ...one })) };
}

function toClusterView({ operatorId, firstAtMs, lastAtMs, why, ...cluster }: Cluster): ClusterView {
  const times = { first_at: toIso(firstAtMs), last_at: toIso(lastAtMs) };
  return { operator_id: operatorId, ...cluster, ...times, why: [...why] };
}

function nameOf(actor: Actor | undefined): string {
  return actor === undefined || actor.kind === 'local' ? 'local' : actor.id;
}
