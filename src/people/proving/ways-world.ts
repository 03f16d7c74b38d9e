import { createOutbound } from '../../http/outbound.ts';
import type { NamedProvider } from '../oauth/oauth.ts';
import { ok } from '../../base/result.ts';
import type { PhoneDriver } from '../phone/driver.ts';
import type { SsoLookup } from '../sso/sso.ts';
import { createWays, type Ways } from '../ways.ts';
import { openPeopleWorld, type PeopleWorld, type PeopleWorldOptions } from './world.ts';

export interface WaysWorldOptions extends Omit<PeopleWorldOptions, 'ways' | 'mustUseSso'> {
  readonly providers?: readonly NamedProvider[];
  readonly lookup?: SsoLookup;
  readonly driver?: PhoneDriver | null;
  readonly messagesPerDay?: number;
}

/** People with every way in: real providers on this machine may be asked, and what phones get is kept. */
export interface WaysWorld extends PeopleWorld {
  readonly ways: Ways;
  /** What phones got, the latest last. */
  readonly codes: { readonly number: string; readonly code: string; readonly locale: string }[];
  /** What those who link accounts were told of phones. */
  readonly phones: [personId: string, number: string][];
  /** Who came into which workspace. */
  readonly arrivals: [personId: string, accountId: string][];
  /** What failed where no answer depended on it. */
  readonly faults: unknown[];
  /** Workspaces that want nobody more. */
  readonly full: Set<string>;
}

const NO_SSO: SsoLookup = {
  ofDomain: async () => null,
  isRequired: async () => false,
  speaksFor: async () => false,
};

export async function openWaysWorld(options: WaysWorldOptions = {}): Promise<WaysWorld> {
  const { providers = [], lookup = NO_SSO, driver, messagesPerDay = 1_000, ...rest } = options;
  const kept: Omit<WaysWorld, keyof PeopleWorld | 'ways'> = {
    codes: [],
    phones: [],
    arrivals: [],
    faults: [],
    full: new Set(),
  };
  const made: { ways: Ways | null } = { ways: null };
  const world = await openPeopleWorld({
    ...rest,
    mustUseSso: (person) => lookup.isRequired(person),
    ways(parts) {
      made.ways = createWays({
        ...parts,
        outbound: createOutbound({ internalHosts: ['127.0.0.1', 'localhost'], timeoutMs: 5_000 }),
        key: parts.random.bytes(32),
        publicUrl: options.publicUrl ?? null,
        providers,
        sso: {
          lookup,
          async arrived({ id }, accountId) {
            if (kept.full.has(accountId)) return false;
            kept.arrivals.push([id, accountId]);
            return true;
          },
        },
        phone: { driver: driver === undefined ? keeping(kept.codes) : driver, messagesPerDay },
        learntPhone: async (personId, number) => void kept.phones.push([personId, number]),
        onFault: (_, error) => kept.faults.push(error),
      });
      return made.ways;
    },
  });
  if (made.ways === null) throw new Error('the world was made without its ways');
  return { ...world, ...kept, ways: made.ways };
}

function keeping(codes: WaysWorld['codes']): PhoneDriver {
  return {
    async send(number, code, locale) {
      codes.push({ number, code, locale });
      return ok(null);
    },
  };
}
