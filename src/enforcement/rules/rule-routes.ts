import { toIso } from '../../base/calendar.ts';
import { type Context, Hono } from 'hono';
import { readBody, refuseField } from '../../http/body.ts';
import type { Actor, ControlVariables } from '../../http/control-api.ts';
import { readLimit } from '../../http/paging.ts';
import { checkRuleBody, type RuleView, HITS_PAGE_MAX, ruleModeBody, saveRuleBody } from './contract.ts';
import { RULES_PATH } from './control-api.ts';
import type { StoredHit } from './hits/store.ts';
import type { FileProblem, Rule, RuleRefusal, Rules } from './rules.ts';
import type { ModeChange } from './store/store.ts';

type Routes = Hono<{ Variables: ControlVariables }>;

const STATUS: Readonly<Record<RuleRefusal['reason'], 400 | 404 | 409>> = {
  rule_not_found: 404,
  invalid_rule: 400,
  tests_fail: 400,
  rule_expired: 409,
  changed_meanwhile: 409,
  too_many_rules: 409,
};

export interface RuleRouteDeps {
  readonly rules: Rules;
  /** What is wrong with files of the rules folder now. */
  readonly fileProblems: () => readonly FileProblem[];
}

/** The control API of rules. */
export function ruleRoutes({ rules, fileProblems }: RuleRouteDeps): Routes {
  const routes: Routes = new Hono();
  routes.get(RULES_PATH, (context) => {
    const { bytes, bytesMax, evicted } = rules.counters();
    return context.json({
      data: rules.list().map(toView),
      set: rules.setHash(),
      counters: { bytes, bytes_max: bytesMax, evicted },
      files: fileProblems(),
    });
  });
  routes.post(`${RULES_PATH}/check`, async (context) => {
    const body = await readBody(context, checkRuleBody);
    return body.ok ? context.json(rules.check(body.value.document)) : body.refusal;
  });
  routes.get(`${RULES_PATH}/:name`, (context) => {
    const rule = rules.find(context.req.param('name'));
    return rule === null ? notFound(context) : context.json(toView(rule));
  });
  addHistory(routes, rules);
  addChanges(routes, rules);
  addHits(routes, rules);
  return routes;
}

function addHistory(routes: Routes, rules: Rules): void {
  routes.get(`${RULES_PATH}/:name/versions`, async (context) => {
    const name = context.req.param('name');
    if (rules.find(name) === null) return notFound(context);
    const versions = await rules.versions(name);
    const modes = await rules.modes(name);
    return context.json({
      data: versions.map(({ version, document, note, changedBy, atMs }) => {
        return { version, document, note, changed_by: changedBy, changed_at: toIso(atMs) };
      }),
      modes: modes.map(toModeView),
    });
  });
}

function addChanges(routes: Routes, rules: Rules): void {
  routes.put(`${RULES_PATH}/:name`, async (context) => {
    const body = await readBody(context, saveRuleBody);
    if (!body.ok) return body.refusal;
    const { document, base_version: base, note } = body.value;
    if (document.name !== context.req.param('name')) {
      return refuseField(context, 'document.name: must be the name in the path; a rule keeps its name');
    }
    const saved = await rules.save(document, base, { by: nameOf(context.get('actor')), note });
    return saved.ok ? context.json(toView(saved.value)) : explain(context, saved.refusal);
  });
  routes.post(`${RULES_PATH}/:name/mode`, async (context) => {
    const body = await readBody(context, ruleModeBody);
    if (!body.ok) return body.refusal;
    const { mode, canary_percent: percent = null, note } = body.value;
    const change = { by: nameOf(context.get('actor')), note };
    const changed = await rules.setMode(context.req.param('name'), mode, percent, change);
    return changed.ok ? context.json(toView(changed.value)) : explain(context, changed.refusal);
  });
}

function addHits(routes: Routes, rules: Rules): void {
  routes.get(`${RULES_PATH}/:name/hits`, async (context) => {
    const limit = readLimit(context, HITS_PAGE_MAX);
    if (!limit.ok) return limit.refusal;
    const rule = context.req.param('name');
    if (rules.find(rule) === null) return notFound(context);
    const { account = null, after = null } = context.req.query();
    if (after !== null && !/^\d{1,15}$/.test(after)) {
      return refuseField(context, 'after: must be what `next` of the page before said');
    }
    const question = { rule, accountId: account, after: after === null ? null : Number(after), limit: limit.value };
    const { hits, next } = await rules.hits(question);
    return context.json({ data: hits.map(toHitView), next: next === null ? null : String(next) });
  });
}

function toView({ name, version, document, mode, figures, origin, note, changedBy, atMs }: Rule): RuleView {
  const { evaluated = 0, hits = 0, acted = 0, unknown = 0, capped = 0, medianUs = null } = figures ?? {};
  return {
    name,
    version,
    document,
    mode: mode.mode,
    canary_percent: mode.canaryPercent,
    paused: mode.reason === null ? null : { reason: mode.reason, detail: mode.detail },
    mode_by: mode.by,
    mode_at: toIso(mode.atMs),
    changed_by: changedBy,
    changed_at: toIso(atMs),
    note,
    origin,
    figures: { evaluated, hits, acted, unknown, capped, median_us: medianUs },
  };
}

function toModeView({ mode, canaryPercent, reason, detail, by, atMs }: ModeChange) {
  return { mode, canary_percent: canaryPercent, reason, detail, by, at: toIso(atMs) };
}

function toHitView({
  id,
  rule,
  version,
  event,
  eventId,
  accountId,
  keyId,
  atMs,
  mode,
  acted,
  unknown,
  clauses,
}: StoredHit) {
  return {
    id,
    rule,
    version,
    event,
    event_id: eventId,
    account_id: accountId,
    key_id: keyId,
    at: toIso(atMs),
    mode,
    acted,
    unknown,
    clauses,
  };
}

function notFound(context: Context): Response {
  return explain(context, { reason: 'rule_not_found', message: 'there is no such rule' });
}

function explain(context: Context, { reason, message }: RuleRefusal): Response {
  return context.json({ error: { reason, message } }, STATUS[reason]);
}

function nameOf(actor: Actor | undefined): string {
  return actor?.kind === 'staff' ? actor.name : 'local';
}
