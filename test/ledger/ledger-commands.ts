import fc from 'fast-check';

const HOUR_MS = 3_600_000;

const amount = fc.bigInt({ min: 1n, max: 200n });
const pick = fc.nat(1_000);
const place = {
  accountId: fc.constantFrom('acct_1', 'acct_2'),
  model: fc.constantFrom('small', 'large'),
  product: fc.constantFrom('api', 'chat'),
};
/** Mostly not. */
const fails = fc.nat(20).map((number) => number === 0);
const names = (some: string) => fc.option(fc.constant([some]), { freq: 4 });
const order = fc.record({ ...place, need: amount, spare: fc.bigInt({ min: 0n, max: 100n }) });
const price = fc.oneof(fc.bigInt({ min: 0n, max: 60n }), fc.bigInt({ min: 0n, max: 400n }));
const charge = fc.record({ price, isRounded: fc.boolean(), cost: fc.option(fc.bigInt({ min: 0n, max: 50n })) });

/** What may happen to a ledger, in plain data, so that a failure shrinks to the few steps it takes. */
export const command = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constant('give'),
      accountId: place.accountId,
      kind: fc.constantFrom('paid', 'promo'),
      priority: fc.constantFrom(10, 50),
      startsInMs: fc.constantFrom(0, 0, 0, HOUR_MS),
      lastsMs: fc.option(fc.integer({ min: 1, max: 5 * HOUR_MS })),
      models: names('small'),
      products: names('api'),
      amount,
      fails,
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('post again'), pick, altered: fc.boolean() }) },
  { weight: 40, arbitrary: fc.record({ do: fc.constant('hold'), order, fails }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('hold many'), orders: fc.array(order, { minLength: 2, maxLength: 6 }) }),
  },
  { weight: 20, arbitrary: fc.record({ do: fc.constant('extend'), pick, want: amount, fails }) },
  { weight: 35, arbitrary: fc.record({ do: fc.constant('settle'), pick, charge, fails }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('extend and settle'), pick, want: amount, charge, fails }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('void'), pick, fails }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('refund'), pick, amount, fails }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('drain'), pick, most: fc.option(amount), fails }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('expire') }) },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('clock'), byMs: fc.integer({ min: -HOUR_MS, max: 2 * HOUR_MS }) }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('look') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
);

export type Command = typeof command extends fc.Arbitrary<infer Value> ? Value : never;
