import { dataOf, type FilledSite } from './filled-site.ts';

type Find = (site: FilledSite) => Promise<string>;

/** Of each page with a parameter, the address of one that shows something. */
export const PARAMETERS: Readonly<Record<string, Find>> = {
  '/accounts/$id': async (site) => `/accounts/${await busiest(site, 'account')}`,
  '/accounts/$id/risk': async (site) => `/accounts/${(await cluster(site)) ?? (await busiest(site, 'account'))}/risk`,
  '/risk/clusters/$id': async (site) => `/risk/clusters/${(await cluster(site)) ?? (await busiest(site, 'account'))}`,
  '/keys/$id': async (site) => `/keys/${await busiest(site, 'key')}`,
  '/apps/$id': async (site) => `/apps/${await busiest(site, 'app')}`,
  '/events/$id': async (site) => `/events/${await lastEvent(site)}`,
  '/receipts/$id': async (site) => `/receipts/${await lastEvent(site)}`,
  '/moderation/records/$id': lastFound,
  '/moderation/policies/$id': () => Promise.resolve('/moderation/policies/default'),
  '/payments/$id': async (site) => `/payments/${dataOf(await site.ask('GET', '/control/v1/payments?limit=1'))[0]?.id}`,
  '/enforcement/rules/$name': () => Promise.resolve('/enforcement/rules/refused-burst'),
  '/enforcement/decisions/$id': lastDecision,
  '/enforcement/appeals/$id': lastAppeal,
  '/enforcement/cases/$id': async (site) => `/enforcement/cases/${(await firstCase(site)) ?? 'case_none'}`,
  '/enforcement/accounts/$id': async (site) =>
    `/enforcement/accounts/${(await cluster(site)) ?? (await busiest(site, 'account'))}`,
  '/who/$kind/$id': async (site) => `/who/account/${await busiest(site, 'account')}`,
};

/** The id with the most completed requests of the last days. */
async function busiest(site: FilledSite, dimension: 'account' | 'key' | 'app'): Promise<string> {
  const answer = await site.ask('POST', '/control/v1/usage/query', {
    ...lastDays(),
    by: [dimension],
    measures: ['requests'],
    where: [{ dimension: 'outcome', values: ['completed'] }],
  });
  const [first] = (answer as { rows: { group: Record<string, string | null> }[] }).rows;
  return encodeURIComponent(first?.group[dimension] ?? '');
}

/** The oldest account of the largest cluster. */
async function cluster(site: FilledSite): Promise<string | undefined> {
  const answer = await site.ask('GET', '/control/v1/fraud/clusters?limit=1');
  return (answer as { data: { operator_id: string }[] }).data[0]?.operator_id;
}

/** The most pressing case; undefined where nothing waits. */
async function firstCase(site: FilledSite): Promise<string | undefined> {
  return dataOf(await site.ask('GET', '/control/v1/enforcement/cases?limit=1'))[0]?.id;
}

async function lastEvent(site: FilledSite): Promise<string> {
  const where = [{ dimension: 'outcome', values: ['completed'] }];
  const [event] = dataOf(await site.ask('POST', '/control/v1/usage/events', { ...lastDays(), where, limit: 1 }));
  return event?.id ?? '';
}

/** The last request in which moderation found something, else the last one it looked at, else the queue, which says why. */
async function lastFound(site: FilledSite): Promise<string> {
  const newest = async (query: string) => {
    const answer = await site.ask('GET', `/control/v1/moderation/records?limit=1${query}`);
    return (answer as { records: { request_id: string }[] }).records[0]?.request_id;
  };
  const id = (await newest('&result=flagged,refused,cut')) ?? (await newest(''));
  return id === undefined ? '/moderation' : `/moderation/records/${id}`;
}

/** The appeal that is due first, else the list, which says why there is none. */
async function lastAppeal(site: FilledSite): Promise<string> {
  const [appeal] = dataOf(await site.ask('GET', '/control/v1/enforcement/appeals?limit=1'));
  return appeal === undefined ? '/enforcement/appeals' : `/enforcement/appeals/${appeal.id}`;
}

/** The last decision, else the list, which says why there is none. */
async function lastDecision(site: FilledSite): Promise<string> {
  const [decision] = dataOf(await site.ask('GET', '/control/v1/enforcement/decisions?limit=1'));
  return decision === undefined ? '/enforcement/decisions' : `/enforcement/decisions/${decision.id}`;
}

function lastDays() {
  const now = Date.now();
  return { from: new Date(now - 2 * 86_400_000).toISOString(), to: new Date(now).toISOString() };
}

/** Texts that are the same in each language: what people called things. */
export async function namesIn(site: FilledSite): Promise<string[]> {
  const lists = ['accounts?limit=1000', 'apps?limit=1000', 'staff', 'alert-rules', 'alert-channels', 'usage/views'];
  const answers = await Promise.all(lists.map((list) => site.ask('GET', `/control/v1/${list}`)));
  const { policies } = (await site.ask('GET', '/control/v1/moderation/policies')) as {
    policies: { name: string; note: string }[];
  };
  const named = [...answers.flatMap((answer) => dataOf(answer)), ...policies].map(({ name }) => name);
  named.push(...policies.map(({ note }) => note));
  named.push(...(await reasonsIn(site)), ...(await ruleTestsIn(site)));
  return [...new Set(named.filter((name) => typeof name === 'string' && name !== ''))] as string[];
}

/** What the tests of rules are called. */
async function ruleTestsIn(site: FilledSite): Promise<string[]> {
  const { data } = (await site.ask('GET', '/control/v1/enforcement/rules')) as {
    data: { document: { tests: { name: string }[] } }[];
  };
  return data.flatMap(({ document }) => document.tests.map(({ name }) => name));
}

/** Why the staff did something, in words of its own. */
async function reasonsIn(site: FilledSite): Promise<string[]> {
  const { settings, changes } = (await site.ask('GET', '/control/v1/sign-up')) as Record<string, { reason: string }[]>;
  const operator = await cluster(site);
  const stops = operator === undefined ? [] : dataOf(await site.ask('GET', `/control/v1/accounts/${operator}/stops`));
  return [...(settings ?? []), ...(changes ?? []), ...stops].map(({ reason }) => String(reason));
}
