import { z } from 'zod';
import { NANO_PER_USD } from '../../base/money.ts';
import type { Caller, Cast } from './cast.ts';

/** Asks the control API of the service under demonstration; posts where no method is named. */
export type AskControl = (path: string, body: unknown, method?: 'GET' | 'POST' | 'PUT') => Promise<unknown>;

/** A caller with what it needs to call. */
export interface ReadyCaller extends Caller {
  readonly keyText: string;
}

/** Nano-dollars, as they stand on the wire. */
export const usd = (dollars: number) => String(BigInt(Math.round(dollars * 1_000_000)) * (NANO_PER_USD / 1_000_000n));
const created = z.object({ id: z.string() });
const issued = z.object({ key: z.string() });

/** What callers pay and what the made-up upstreams charge, US dollars for a million tokens. */
const RATES = [
  { model: 'swift', upstream: 'swift-2', price: [0.5, 2], cost: [0.3, 1.2] },
  { model: 'sage', upstream: 'sage-pro', price: [3, 15], cost: [2.4, 12] },
  { model: 'lotus', upstream: 'lotus-72b', price: [0.8, 2.4], cost: [0.5, 1.6] },
  { model: 'vectors', upstream: 'vectors-1', price: [0.1, 0], cost: [0.02, 0] },
] as const;

/** Makes the accounts, keys, prices and budgets of the cast, through the control API like any operator. */
export async function setUp(cast: Cast, ask: AskControl): Promise<ReadyCaller[]> {
  await ask('/control/v1/prices', { prices: RATES.flatMap(pricesOf), source: 'demo' });
  await setPolicy(ask);
  const accountIds: string[] = [];
  for (const { name, kind, credit } of cast.accounts) {
    const { id } = created.parse(await ask('/control/v1/accounts', { name, kind }));
    accountIds.push(id);
    if (credit === 'free') await ask(`/control/v1/accounts/${id}/plan/start`, { plan: 'free' });
    else {
      const amount = { credit_nano: usd(credit.paidUsd), reference: `demo-${accountIds.length}` };
      await ask('/control/v1/payments/record', { account_id: id, ...amount });
    }
  }
  const ready: ReadyCaller[] = [];
  for (const caller of cast.callers) {
    const body = { account_id: accountIds[caller.account], product: caller.product, app: caller.declares };
    const { key } = issued.parse(await ask('/control/v1/keys', body));
    ready.push({ ...caller, keyText: key });
  }
  for (const accountId of accountIds.slice(0, 3)) {
    const budget = { account_id: accountId, limit_nano: usd(2), period: 'day', alert_at: [50, 80, 100] };
    await ask('/control/v1/budgets', { ...budget, action: 'alert' });
  }
  return ready;
}

const policyList = z.object({
  policies: z.array(
    z.object({
      id: z.string(),
      document: z.looseObject({ reply: z.looseObject({ stages: z.looseObject({ encoder: z.looseObject({}) }) }) }),
    }),
  ),
});

/** Replies of the made-up upstreams are the same few sentences again and again: the first stage alone looks at them. */
async function setPolicy(ask: AskControl): Promise<void> {
  const { policies } = policyList.parse(await ask('/control/v1/moderation/policies', null, 'GET'));
  const shipped = policies.find(({ id }) => id === 'default')?.document;
  if (shipped === undefined) throw new Error('there is no policy to begin with');
  const { reply } = shipped;
  const stages = { ...reply.stages, encoder: { ...reply.stages.encoder, enabled: false } };
  const document = { ...shipped, id: 'house', name: 'House', reply: { ...reply, stages } };
  const note = 'Replies are made up: the first stage alone looks at them.';
  await ask('/control/v1/moderation/policies/house', { document, base_version: 0, note }, 'PUT');
  const assignments = ['api', 'studio'].map((product) => ({ product, plan: null, policy: 'house' }));
  await ask('/control/v1/moderation/assignments', { assignments }, 'PUT');
}

function pricesOf({ model, upstream, price, cost }: (typeof RATES)[number]): unknown[] {
  const rates = ([input, output]: readonly [number, number]) => ({ input_nano: usd(input), output_nano: usd(output) });
  return [
    { kind: 'list', model, rates: rates(price) },
    { kind: 'cost', upstream_model: upstream, rates: rates(cost) },
  ];
}
