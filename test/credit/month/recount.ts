import { earnedOf, type Note, type NoteOf, type Rates } from './notes.ts';

interface Grant {
  readonly id: string;
  readonly kind: 'paid' | 'promo';
  readonly endsAt: number | null;
  readonly at: number;
  left: bigint;
}

interface Request {
  readonly account: string;
  readonly model: string;
  readonly slices: { readonly grant: Grant; amount: bigint }[];
  /** What each grant paid in the end, in order. */
  readonly paid: { readonly grant: Grant; readonly amount: bigint; restored: bigint }[];
}

interface Fee {
  readonly id: string;
  readonly amount: bigint;
  readonly start: number;
  readonly end: number;
  earned: bigint;
  ended: boolean;
}

export interface RecountedUsage {
  amount: bigint;
  requests: number;
  input: number;
  output: number;
}

export interface RecountedStatement {
  opening: bigint;
  closing: bigint;
  held: bigint;
  /** By day and model. */
  readonly usage: Map<string, RecountedUsage>;
  readonly others: { readonly at: string; readonly amount: bigint }[];
}

const MILLION = 1_000_000n;

/** Counts a month again from what was noted, in the plainest way: everything is kept in memory and added up. */
export function recount(notes: readonly Note[], from: number, to: number) {
  const sums: Record<string, bigint> = {};
  const counts = { unknownRequests: 0, unknownTokens: 0 };
  const grants = new Map<string, Grant[]>();
  const owners = new Map<string, string>();
  const requests = new Map<string, Request>();
  const fees = new Map<string, Fee>();
  const disputes = new Map<string, { account: string; credit: bigint; tax: bigint; drained: bigint }>();
  const statements = new Map<string, RecountedStatement>();
  const worth = { before: new Map<string, bigint>(), after: new Map<string, bigint>() };
  let deferredFees = 0n;

  const inMonth = (at: number) => at >= from && at < to;
  function add(name: string, at: number, amount: bigint): void {
    if (inMonth(at)) sums[name] = (sums[name] ?? 0n) + amount;
  }

  function statementOf(account: string): RecountedStatement {
    const found = statements.get(account) ?? { opening: 0n, closing: 0n, held: 0n, usage: new Map(), others: [] };
    statements.set(account, found);
    return found;
  }

  function change(account: string, at: number, amount: bigint): void {
    const statement = statementOf(account);
    if (at < from) statement.opening += amount;
    statement.closing += amount;
    if (inMonth(at)) statement.others.push({ at: new Date(at).toISOString(), amount });
  }

  function find(id: string): Grant {
    const account = owners.get(id) ?? '';
    const grant = grants.get(account)?.find((one) => one.id === id);
    if (grant === undefined) throw new Error(`no grant ${id} was noted`);
    return grant;
  }

  /** The soonest to end first, then presents, then the oldest. */
  function usable(account: string, at: number): Grant[] {
    return (grants.get(account) ?? [])
      .filter((grant) => grant.left > 0n && (grant.endsAt === null || grant.endsAt > at))
      .sort(
        (a, b) =>
          (a.endsAt ?? Number.POSITIVE_INFINITY) - (b.endsAt ?? Number.POSITIVE_INFINITY) ||
          (a.kind === b.kind ? 0 : a.kind === 'promo' ? -1 : 1) ||
          a.at - b.at ||
          (a.id < b.id ? -1 : 1),
      );
  }

  function take(account: string, at: number, want: bigint): { grant: Grant; amount: bigint }[] {
    let rest = want;
    const taken: { grant: Grant; amount: bigint }[] = [];
    for (const grant of usable(account, at)) {
      const amount = grant.left < rest ? grant.left : rest;
      if (amount === 0n) continue;
      grant.left -= amount;
      rest -= amount;
      taken.push({ grant, amount });
    }
    return taken;
  }

  function give(account: string, at: number, grant: Omit<Grant, 'left' | 'at'>, amount: bigint): void {
    grants.set(account, [...(grants.get(account) ?? []), { ...grant, at, left: amount }]);
    owners.set(grant.id, account);
    change(account, at, amount);
  }

  const earnings = (kind: 'paid' | 'promo') => (kind === 'paid' ? 'usage_revenue' : 'usage_promotional');

  const handlers: { [Kind in Note['what']]: (note: NoteOf<Kind>) => void } = {
    given({ at, account, grant, kind, amount, endsAt, from: payer }) {
      give(account, at, { id: grant, kind, endsAt }, amount);
      if (payer === 'customer') add('received', at, amount);
      if (payer === 'house') add('promo_expense', at, amount);
    },
    promised: ({ at, amount }) => add('promo_expense', at, amount),
    tax({ at, amount }) {
      add('tax_collected', at, amount);
      add('received', at, amount);
    },
    asked({ at, account, request, model, need, least, admitted }) {
      const there = usable(account, at).reduce((sum, grant) => sum + grant.left, 0n);
      if (there >= least !== admitted) throw new Error(`${request} should ${admitted ? 'not ' : ''}have been let in`);
      if (!admitted) return;
      const slices = take(account, at, need);
      requests.set(request, { account, model, slices, paid: [] });
    },
    answered(note) {
      const { at, input, output, list, cost } = note;
      const request = requests.get(note.request);
      if (request === undefined) throw new Error(`${note.request} was never let in`);
      const parts = partsOf(list, input, output);
      const price = up(parts);
      const rounded = parts % MILLION === 0n ? 0n : 1n;
      const held = request.slices.reduce((sum, { amount }) => sum + amount, 0n);
      if (price > held) request.slices.push(...take(request.account, at, price - held));
      let rest = price;
      for (const grant of new Set(request.slices.map((slice) => slice.grant))) {
        const had = request.slices
          .filter((slice) => slice.grant === grant)
          .reduce((sum, { amount }) => sum + amount, 0n);
        const part = rest < had ? rest : had;
        rest -= part;
        grant.left += had - part;
        if (part === 0n) continue;
        request.paid.push({ grant, amount: part, restored: 0n });
        add(earnings(grant.kind), at, part);
      }
      request.slices.length = 0;
      add('write_offs', at, rest);
      add('usage_revenue', at, rest);
      const lastKind = rest === 0n ? (request.paid.at(-1)?.grant.kind ?? 'paid') : 'paid';
      add('rounding', at, rounded);
      add(earnings(lastKind), at, -rounded);
      if (cost !== null) add('provider_cost', at, up(partsOf(cost, input, output)));
      else if (inMonth(at)) {
        counts.unknownRequests++;
        counts.unknownTokens += input + output;
      }
      use(request, at, price - rest, input, output);
    },
    swept({ at }) {
      for (const [account, all] of grants) {
        for (const grant of all) {
          if (grant.endsAt === null || grant.endsAt > at || grant.left === 0n) continue;
          if (grant.kind === 'paid') add('breakage', at, grant.left);
          else add('promo_expense', at, -grant.left);
          change(account, at, -grant.left);
          grant.left = 0n;
        }
      }
    },
    revoked({ at, account, grant }) {
      const found = find(grant);
      if (found.left === 0n) return;
      add('promo_expense', at, -found.left);
      change(account, at, -found.left);
      found.left = 0n;
    },
    refunded({ at, account, grant, credit, tax }) {
      find(grant).left -= credit;
      change(account, at, -credit);
      add('refunds', at, credit + tax);
      add('tax_collected', at, -tax);
    },
    disputed({ at, account, grant, dispute, credit, tax }) {
      const found = find(grant);
      const drained = found.left < credit ? found.left : credit;
      found.left -= drained;
      if (drained > 0n) change(account, at, -drained);
      disputes.set(dispute, { account, credit, tax, drained });
      add('disputes', at, credit + tax);
      add('tax_collected', at, -tax);
      add('dispute_losses', at, credit - drained);
    },
    'dispute won'({ at, dispute, grant }) {
      const found = disputes.get(dispute);
      if (found === undefined) throw new Error(`no dispute ${dispute} was noted`);
      const { account, credit, tax, drained } = found;
      add('disputes', at, -(credit + tax));
      add('tax_collected', at, tax);
      add('dispute_losses', at, -(credit - drained));
      if (drained > 0n) give(account, at, { id: grant, kind: 'paid', endsAt: null }, drained);
    },
    corrected({ at, request: id, amount, number }) {
      const request = requests.get(id);
      if (request === undefined) throw new Error(`${id} was never let in`);
      if (amount < 0n) {
        for (const { grant, amount: part } of take(request.account, at, -amount)) {
          add(earnings(grant.kind), at, part);
          change(request.account, at, -part);
        }
        return;
      }
      let rest = amount;
      for (const paid of request.paid.toReversed()) {
        const part = rest < paid.amount - paid.restored ? rest : paid.amount - paid.restored;
        if (part === 0n) continue;
        rest -= part;
        paid.restored += part;
        const { grant } = paid;
        add(earnings(grant.kind), at, -part);
        const endsAt = grant.endsAt === null ? null : Math.max(grant.endsAt, at + 30 * 86_400_000);
        const restored = `correction:${id}:${number}:restores:${grant.id}`;
        give(request.account, at, { id: restored, kind: grant.kind, endsAt }, part);
      }
      if (rest !== 0n) throw new Error(`more was given back of ${id} than was paid`);
    },
    fee({ at, id, paid, carried, rounding, start, end }) {
      fees.set(id, { id, amount: paid + carried + rounding, start, end, earned: 0n, ended: false });
      add('received', at, paid);
      add('rounding', at, -rounding);
      deferredFees += paid + carried + rounding;
    },
    'days earned'({ at }) {
      const midnight = at - (at % 86_400_000);
      for (const fee of fees.values()) earn(fee, at, at >= fee.end ? at : midnight);
    },
    'fee ended'({ at, id, to: receiver }) {
      const fee = fees.get(id);
      if (fee === undefined || fee.ended) throw new Error(`no fee ${id} runs`);
      earn(fee, at, at);
      const left = fee.amount - fee.earned;
      fee.ended = true;
      deferredFees -= left;
      if (receiver === 'customer') add('received', at, -left);
      if (receiver === 'house') add('subscription_revenue', at, left);
    },
    worth({ account, from: since, monthly }) {
      if (since < from) worth.before.set(account, monthly);
      if (since < to) worth.after.set(account, monthly);
    },
  };

  function use(request: Request, at: number, amount: bigint, input: number, output: number): void {
    const statement = statementOf(request.account);
    if (amount === 0n) return;
    statement.closing -= amount;
    if (at < from) statement.opening -= amount;
    if (!inMonth(at)) return;
    const key = `${new Date(at).toISOString().slice(0, 10)} ${request.model}`;
    const usage = statement.usage.get(key) ?? { amount: 0n, requests: 0, input: 0, output: 0 };
    statement.usage.set(key, usage);
    usage.amount -= amount;
    usage.requests++;
    usage.input += input;
    usage.output += output;
  }

  function earn(fee: Fee, at: number, until: number): void {
    if (fee.ended) return;
    const earned = earnedOf(fee, until);
    if (earned <= fee.earned) return;
    add('subscription_revenue', at, earned - fee.earned);
    deferredFees -= earned - fee.earned;
    fee.earned = earned;
  }

  for (const note of notes) {
    // Notes are in order of time, so the state after the last one is that at the end of the month.
    if (note.at < to) (handlers[note.what] as (one: Note) => void)(note);
  }
  for (const request of requests.values()) {
    for (const { amount } of request.slices) statementOf(request.account).held += amount;
  }
  return { figures: figuresOf(), statements };

  function figuresOf(): Record<string, string | number | null> {
    const outstanding = { paid: 0n, promo: 0n };
    for (const all of grants.values()) for (const grant of all) outstanding[grant.kind] += grant.left;
    for (const { slices } of requests.values())
      for (const { grant, amount } of slices) outstanding[grant.kind] += amount;
    const of = (name: string) => sums[name] ?? 0n;
    const revenue = of('usage_revenue') - of('write_offs') + of('subscription_revenue') + of('breakage');
    const margin = revenue - of('provider_cost');
    const named = ['usage_revenue', 'usage_promotional', 'subscription_revenue', 'breakage', 'write_offs'];
    named.push('promo_expense', 'received', 'refunds', 'disputes', 'dispute_losses', 'rounding');
    named.push('tax_collected', 'provider_cost');
    return {
      ...recurring(),
      ...Object.fromEntries(named.map((name) => [name, String(of(name))])),
      revenue: String(revenue),
      deferred_credit: String(outstanding.paid),
      deferred_subscriptions: String(deferredFees),
      deferred_revenue: String(outstanding.paid + deferredFees),
      promo_outstanding: String(outstanding.promo),
      receivable: '0',
      unknown_cost_requests: counts.unknownRequests,
      unknown_cost_tokens: counts.unknownTokens,
      gross_margin: String(margin),
      gross_margin_per_cent: (Number((margin * 1_000_000n) / revenue) / 10_000).toFixed(2),
    };
  }

  function recurring(): Record<string, string> {
    const sum = { open: 0n, close: 0n, fresh: 0n, more: 0n, less: 0n, gone: 0n };
    for (const [account, after] of worth.after) {
      const before = worth.before.get(account) ?? 0n;
      sum.open += before;
      sum.close += after;
      if (before === 0n) sum.fresh += after;
      else if (after === 0n) sum.gone += before;
      else if (after > before) sum.more += after - before;
      else sum.less += before - after;
    }
    return {
      mrr: String(sum.close),
      arr: String(sum.close * 12n),
      mrr_at_open: String(sum.open),
      mrr_new: String(sum.fresh),
      mrr_expansion: String(sum.more),
      mrr_contraction: String(sum.less),
      mrr_churned: String(sum.gone),
    };
  }
}

function partsOf(rates: Rates, input: number, output: number): bigint {
  return BigInt(input) * rates.input + BigInt(output) * rates.output + rates.request * MILLION;
}

function up(parts: bigint): bigint {
  return (parts + MILLION - 1n) / MILLION;
}
