/** Parameters of the real parts, with those that the command line gives another value. */
import { NANO_PER_USD } from '../../../../src/base/money.ts';
import { ok, refuse, type Result } from '../../../../src/base/result.ts';
import { loadConfig } from '../../../../src/config/load.ts';
import { LINKAGE_PARAMETERS, type LinkageParameters } from '../../../../src/fraud/linkage/parameters.ts';
import type { VestingRules } from '../../../../src/fraud/vesting/rules.ts';

/** What staff of the simulation do: suspend large operators of which every link is beyond doubt. */
export interface StaffRules {
  readonly bits: number;
  readonly accounts: number;
}

export interface Parameters {
  readonly linkage: LinkageParameters;
  readonly vesting: VestingRules;
  readonly staff: StaffRules;
  /** Whether a database of networks is configured. */
  readonly network: { readonly database: boolean };
}

export function defaultParameters(): Parameters {
  const loaded = loadConfig({
    env: {},
    cwd: '/',
    disk: { read: () => Buffer.from(''), isFile: (path) => path.endsWith('.yaml') },
  });
  if (!loaded.ok) throw new Error('the service refuses its own defaults');
  return {
    linkage: LINKAGE_PARAMETERS,
    vesting: { ...loaded.value.vesting, tranches: loaded.value.plans['free']?.signupTranches ?? [] },
    staff: { bits: 24, accounts: 10 },
    network: { database: true },
  };
}

/** Reads `linkage.hardBits=21`, `vesting.ceilings.card=5` (dollars), `network.database=false`; refuses names there are not. */
export function withSettings(parameters: Parameters, settings: readonly string[]): Result<Parameters, string> {
  let changed: unknown = parameters;
  for (const setting of settings) {
    const [name = '', value] = setting.split('=');
    if (value === undefined) return refuse(`--set ${setting}: write it as name=value`);
    const next = changedAt(changed, name.split('.'), value);
    if (!next.ok) return refuse(`--set ${setting}: ${next.refusal}`);
    changed = next.value;
  }
  return ok(changed as Parameters);
}

function changedAt(value: unknown, path: readonly string[], text: string): Result<unknown, string> {
  const [name, ...rest] = path;
  if (name === undefined) return leafOf(value, text);
  if (Array.isArray(value)) {
    const inner = changedAt(value[Number(name)], rest, text);
    return inner.ok ? ok(value.map((one: unknown, at) => (at === Number(name) ? inner.value : one))) : inner;
  }
  if (typeof value !== 'object' || value === null || !(name in value)) {
    const known = typeof value === 'object' && value !== null ? Object.keys(value).join(', ') : 'nothing';
    return refuse(`there is no '${name}' here, but ${known}`);
  }
  const inner = changedAt((value as Record<string, unknown>)[name], rest, text);
  return inner.ok ? ok({ ...value, [name]: inner.value }) : inner;
}

function leafOf(before: unknown, text: string): Result<unknown, string> {
  if (typeof before === 'boolean')
    return text === 'true' || text === 'false' ? ok(text === 'true') : refuse('write true or false');
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return refuse('is no number');
  if (typeof before === 'bigint') return ok(BigInt(Math.round(number * Number(NANO_PER_USD))));
  return typeof before === 'number' || before === null || before === undefined
    ? ok(number)
    : refuse('names no single value');
}
