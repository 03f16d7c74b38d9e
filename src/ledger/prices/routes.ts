import { type Context, Hono } from 'hono';
import type { Clock } from '../../base/clock.ts';
import type { Config, ModelConfig } from '../../config/config.ts';
import { readBody, refuseField } from '../../http/body.ts';
import type { Price, PriceBook, PriceSubject, QuotedTarget } from '../price.ts';
import { addPricesBody, type PriceListView, type PriceView, type ReadPriceBody } from './contract.ts';
import { fromBody, toPriceView, toTargetView } from './views.ts';

/** Clocks of two machines may differ by this much, and `now` takes a moment to arrive. */
const PAST_ALLOWED_MS = 60_000;

/**
 * The control API of prices. With null for `config`, where none is at hand, a price may name any model and provider, and
 * no list says which models are unpriced.
 */
export function priceRoutes(book: PriceBook, clock: Clock, config: Pick<Config, 'models' | 'providers'> | null): Hono {
  const routes = new Hono();

  routes.post('/control/v1/prices', async (context) => {
    const body = await readBody(context, addPricesBody);
    if (!body.ok) return body.refusal;
    const { prices, source } = body.value;
    const nowMs = clock.wallMs();
    for (const [index, price] of prices.entries()) {
      const wrong = (config && findUnknown(price, config)) ?? findPast(price, nowMs);
      if (wrong !== null) return refuseField(context, `prices.${index}.${wrong}`);
    }
    const added = await book.add(prices.map((price) => fromBody(price, source, nowMs)));
    if (!added.ok) {
      const { reason, message, index } = added.refusal;
      return context.json({ error: { reason, message, index } }, reason === 'price_conflict' ? 409 : 400);
    }
    const stateOf = statesAt(book, nowMs);
    const views = added.value.map((price) => toPriceView(price, stateOf(price)));
    return context.json({ added: views, unchanged: prices.length - views.length }, 201);
  });

  routes.get('/control/v1/prices', (context) => {
    const model = context.req.query('model') ?? null;
    if (model !== null && config !== null && !Object.hasOwn(config.models, model)) {
      return refuseUnknownModel(context, model, config);
    }
    const nowMs = clock.wallMs();
    const stateOf = statesAt(book, nowMs);
    const models = config && targetsByModel(config.models, model);
    const all = context.req.query('all') === '1';
    const concerns = model === null ? () => true : concerning(model, models?.[0]?.targets ?? []);
    const data = book
      .list(all ? null : nowMs)
      .filter((price) => concerns(price.subject))
      .map((price) => toPriceView(price, stateOf(price)));
    const answer: PriceListView = {
      data,
      models:
        models?.map((one) => ({
          model: one.model,
          targets: one.targets.map((target) => toTargetView(target, book)),
        })) ?? null,
    };
    return context.json(answer);
  });

  return routes;
}

/** How each entry stands at a time. */
function statesAt(book: PriceBook, nowMs: number): (price: Price) => PriceView['state'] {
  const inForce = new Set(book.list(nowMs).map((price) => price.id));
  return (price) => {
    if (inForce.has(price.id)) return 'in_force';
    return price.effectiveAtMs > nowMs ? 'planned' : 'replaced';
  };
}

/** What was charged does not change, so no price begins before it was entered. */
function findPast(price: ReadPriceBody, nowMs: number): string | null {
  if (price.effective_at === null || Date.parse(price.effective_at) >= nowMs - PAST_ALLOWED_MS) return null;
  return 'effective_at: lies in the past, and what was charged does not change; name a time to come, or none for now';
}

/** Says what a price names that the service does not have, so that no typing error leaves a model unpriced. */
function findUnknown(price: ReadPriceBody, config: Pick<Config, 'models' | 'providers'>): string | null {
  if (price.kind === 'cost') {
    if (price.provider === null || Object.hasOwn(config.providers, price.provider)) return null;
    return `provider: there is no provider ${price.provider} here, but ${listNames(Object.keys(config.providers))}`;
  }
  const model = Object.hasOwn(config.models, price.model) ? config.models[price.model] : undefined;
  if (model === undefined) {
    return `model: there is no model ${price.model} here, but ${listNames(Object.keys(config.models))}`;
  }
  if (price.target === null) return null;
  const names = targetsOf(price.model, model).map((target) => target.name);
  if (names.includes(price.target)) return null;
  return `target: there is no target ${price.target} of ${price.model} here, but ${listNames(names)}`;
}

function refuseUnknownModel(context: Context, model: string, config: Pick<Config, 'models'>): Response {
  const message = `there is no model ${model} here, but ${listNames(Object.keys(config.models))}`;
  return context.json({ error: { reason: 'model_unknown', message } }, 404);
}

const NAMES_SHOWN_MAX = 20;

function listNames(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN_MAX;
  return names.slice(0, NAMES_SHOWN_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

interface ModelTargets {
  readonly model: string;
  readonly targets: readonly QuotedTarget[];
}

/** The targets of every model, or of one. */
function targetsByModel(models: Config['models'], only: string | null): ModelTargets[] {
  return Object.entries(models)
    .filter(([name]) => only === null || name === only)
    .map(([model, entry]) => ({ model, targets: targetsOf(model, entry) }));
}

function targetsOf(model: string, entry: ModelConfig): QuotedTarget[] {
  return entry.targets.map(({ provider, upstreamModel }, at) => ({ name: `${model}/${at}`, provider, upstreamModel }));
}

/** Whether a price may matter to a model: its list prices, and the costs of its targets. */
function concerning(model: string, targets: readonly QuotedTarget[]): (subject: PriceSubject) => boolean {
  return (subject) => {
    if (subject.kind === 'list') return subject.model === model;
    return targets.some(
      ({ provider, upstreamModel }) =>
        upstreamModel === subject.upstreamModel && (subject.provider === null || subject.provider === provider),
    );
  };
}
