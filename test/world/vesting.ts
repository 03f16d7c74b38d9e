/** Vesting over real books in a folder of its own, with operators and soft links as a test says. */
import { createVesting, type Linkage, type Operator, type Vesting } from '../../src/fraud/index.ts';
import { createVestingCredit, type Hold } from '../../src/ledger/index.ts';
import type { Nano } from '../../src/base/money.ts';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load.ts';
import { openPlanWorld, type PlanWorld } from './plans.ts';

export interface VestingWorld {
  readonly plans: PlanWorld;
  readonly vesting: Vesting;
  readonly turned: readonly boolean[];
  /** A person's account; it has not begun. */
  account(): Promise<string>;
  /** Says who is one operator; everybody else is on their own. Tells vesting unless it is not to know. */
  group(groups: readonly (readonly string[])[], told?: boolean): Promise<void>;
  soften(a: string, b: string): void;
  /** Sets credit aside for a request, pays `price` of it, or holds it until `end` is called. */
  spend(accountId: string, price: Nano): Promise<boolean>;
  hold(accountId: string, need: Nano): Promise<{ end(price: Nano): Promise<void> } | null>;
  available(accountId: string): Promise<Nano>;
  /** Ends the process and starts another on the same folder; `group` stands. */
  restart(options?: { readonly orderly?: boolean; readonly linkageReady?: Promise<unknown> }): Promise<VestingWorld>;
  close(): Promise<void>;
}

interface Links {
  groups: readonly (readonly string[])[];
  readonly soft: (readonly [string, string])[];
}

type Rules = Config['vesting'];

export async function openVestingWorld(
  change: (rules: Rules) => Rules = (rules) => rules,
  folder?: string,
): Promise<VestingWorld> {
  return openOn(await openPlanWorld('{}', folder), { groups: [], soft: [] }, change);
}

async function openOn(
  plans: PlanWorld,
  links: Links,
  change: (rules: Rules) => Rules,
  linkageReady: Promise<unknown> = Promise.resolve(),
): Promise<VestingWorld> {
  const { storage, ledger, revocations, clock } = plans;
  const turned: boolean[] = [];
  const vesting = await createVesting({
    storage,
    clock,
    credit: createVestingCredit({ storage, ledger, revocations, clock, models: null }),
    rules: { ...change(defaultRules()), tranches: plans.configured['free']?.signupTranches ?? [] },
    linkage: linkageOf(links),
    linkageReady,
    entryOf: () => ({ disposable: false, cohorts: [] }),
    onPaidPlan: () => false,
    onBreaker: ({ open }) => turned.push(open),
  });
  const stop = ledger.onSpent(({ accountId, ...spent }) => vesting.spent(accountId, spent));
  let requests = 0;

  async function hold(accountId: string, need: Nano): Promise<Hold | null> {
    const held = await ledger.hold({
      ...orderOf(`req_${accountId}_${clock.wallMs()}_${requests++}`, accountId),
      need,
      least: need,
      signupMost: () => vesting.headroom(accountId, clock.wallMs()),
    });
    if (!held.ok) return null;
    const { open } = held.value;
    open.kept((await storage.writer.write(open.statements)).ok);
    return held.value;
  }

  async function end(held: Hold, price: Nano): Promise<void> {
    const settled = held.settle({ price, rounding: 0n, cost: null });
    settled.kept((await storage.writer.write(settled.statements)).ok);
  }

  return {
    plans,
    vesting,
    turned,
    account: () => plans.account(),
    async group(groups, told = true) {
      links.groups = groups;
      if (told) await vesting.operatorsChanged(groups.flat());
    },
    soften: (a, b) => void links.soft.push([a, b]),
    async spend(accountId, price) {
      const held = await hold(accountId, price);
      if (held === null) return false;
      vesting.used(accountId, { atMs: clock.wallMs(), flagged: false, price });
      await end(held, price);
      return true;
    },
    async hold(accountId, need) {
      const held = await hold(accountId, need);
      return held && { end: (price) => end(held, price) };
    },
    available: async (accountId) => (await ledger.balance(accountId)).available,
    async restart({ orderly = true, linkageReady: ready } = {}) {
      if (orderly) await vesting.close();
      stop();
      return openOn(await plans.restart(), links, change, ready);
    },
    async close() {
      await vesting.close();
      stop();
      await plans.close();
    },
  };
}

function orderOf(id: string, accountId: string) {
  const { signal } = new AbortController();
  return { id, accountId, model: 'demo', product: 'api', waitMs: 0, signal };
}

function linkageOf(links: Links): Pick<Linkage, 'operatorOf' | 'linksOf'> {
  return {
    operatorOf(accountId): Operator {
      const accounts = links.groups.find((group) => group.includes(accountId)) ?? [accountId];
      return { id: accounts[0] ?? accountId, accounts };
    },
    linksOf: (accountId) =>
      links.soft
        .filter((pair) => pair.includes(accountId))
        .map((accounts) => ({
          id: accounts.join(' '),
          accounts,
          strength: 'soft' as const,
          bits: 12,
          agreements: [{ family: 'device', field: 'device', bits: 12, operators: 2 }],
          atMs: 0,
          expiresAtMs: Infinity,
          fell: null,
        })),
  };
}

function defaultRules(): Rules {
  const disk = { read: () => Buffer.from(''), isFile: (path: string) => path.endsWith('.yaml') };
  const loaded = loadConfig({ env: {}, cwd: '/', disk });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value.vesting;
}
