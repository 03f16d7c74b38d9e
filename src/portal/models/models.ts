import type { Config } from '../../config/config.ts';
import { divideUp } from '../../base/money.ts';
import { type PlansPart, type PriceBook, type Rates, toRatesView } from '../../ledger/index.ts';
import { type Asker, type Belonging, managesAll } from '../belonging.ts';
import { narrowedModels } from '../keys/terms.ts';
import type { PortalModelsView } from './contract.ts';

export interface PortalModelsDeps {
  readonly models: Config['models'];
  readonly prices: Pick<PriceBook, 'sourceOf'>;
  readonly terms: PlansPart['terms'];
  readonly belonging: Belonging;
}

const BASIS_POINTS = 10_000n;

/** Models that keys of who asks may use, with what they cost the account. */
export function modelsOf({ models, prices, terms, belonging }: PortalModelsDeps, asker: Asker): PortalModelsView {
  const { accountId, membership } = asker;
  const names = Object.keys(models);
  const member = managesAll(membership) ? null : membership.member;
  const allowed = narrowedModels(belonging, accountId, { app: null, member }, { models: names }) ?? names;
  const { marginBp, billing } = terms.termsOf(accountId);
  const data = allowed.flatMap((model) => {
    const config = models[model];
    if (config === undefined) return [];
    const sources = config.targets.flatMap(({ provider, upstreamModel }, at) => {
      const source = prices.sourceOf({ name: `${model}/${at}`, provider, upstreamModel });
      return source === null ? [] : [source];
    });
    return [
      {
        model,
        owned_by: config.ownedBy,
        context_tokens: config.contextTokens,
        output_tokens_max: config.maxOutputTokens,
        prices: different(sources.map(({ rates }) => toRatesView(withMargin(rates, marginBp)))),
        estimated: sources.some(({ from }) => from === 'estimate'),
      },
    ];
  });
  const usable = data.find((one) => billing === 'house' || one.prices.length > 0);
  return { data, free_of_charge: billing === 'house', first_model: usable?.model ?? null };
}

type RatesView = ReturnType<typeof toRatesView>;

/** Each set of rates once, the dearest output first. */
function different(views: readonly RatesView[]): RatesView[] {
  const once = new Map(views.map((view) => [JSON.stringify(view), view]));
  return [...once.values()].sort((one, other) => {
    const difference = BigInt(other.output_nano) - BigInt(one.output_nano);
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  });
}

function withMargin(rates: Rates, marginBp: number): Rates {
  const times = (rate: bigint) => divideUp(rate * (BASIS_POINTS + BigInt(marginBp)), BASIS_POINTS);
  const timesIf = (rate: bigint | null) => (rate === null ? null : times(rate));
  return {
    input: times(rates.input),
    output: times(rates.output),
    cacheRead: timesIf(rates.cacheRead),
    cacheWrite: timesIf(rates.cacheWrite),
    reasoning: timesIf(rates.reasoning),
    audioInput: timesIf(rates.audioInput),
    audioOutput: timesIf(rates.audioOutput),
    image: times(rates.image),
    request: times(rates.request),
  };
}
