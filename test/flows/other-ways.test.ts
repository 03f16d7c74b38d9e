/** Other ways in and other proofs, over HTTP at a service as it ships: another service, and a phone. */
import { afterAll, beforeAll, expect, test } from 'bun:test';
import { sessionView, signUpDoorView } from '../../src/people/contract.ts';
import { type IdentityProvider, openIdentityProvider } from '../../src/people/proving/identity-provider.ts';
import { startCandor, type World } from '../world/candor.ts';
import { keptMails, openPortalBrowser, signUpAt } from '../world/portal-browser.ts';

let provider: IdentityProvider;
let world: World;
beforeAll(async () => {
  provider = await openIdentityProvider();
  const { issuer, clientId } = provider;
  world = await startCandor({
    yaml: [
      'outbound: { internal_hosts: [127.0.0.1] }',
      'portal:',
      '  enabled: true',
      '  mail_outbox: true',
      `  oauth: { acme: { label: Acme, issuer: "${issuer}", client_id: ${clientId}, client_secret_env: ACME_SECRET } }`,
      '',
    ].join('\n'),
    env: { ACME_SECRET: provider.clientSecret },
  });
});
afterAll(async () => {
  await world.close();
  provider.close();
});

/** One step of a browser that keeps its cookies and follows nothing by itself. */
async function step(cookies: Map<string, string>, url: string): Promise<Response> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(url, { redirect: 'manual', headers: { cookie } });
  for (const line of answer.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies.set(name, value);
  }
  return answer;
}

test('another service is offered at the door, and signs somebody up and in', async () => {
  const door = signUpDoorView.parse(await (await fetch(`${world.url}/portal/v1/sign-up`)).json());
  expect(door.providers).toEqual([{ id: 'acme', name: 'Acme' }]);
  const cookies = new Map<string, string>();
  const away = await step(cookies, `${world.url}/portal/v1/oauth/acme/start?next=%2Fkeys`);
  const account = { sub: '1', email: 'ada@example.com', email_verified: true, name: 'Ada' };
  const back = await step(cookies, provider.consent(away.headers.get('location') ?? '', account));
  expect([back.status, back.headers.get('location')]).toEqual([303, '/keys']);
  const session = sessionView.parse(await (await step(cookies, `${world.url}/portal/v1/session`)).json());
  expect(session.person).toMatchObject({ email: 'ada@example.com', state: 'active', has_password: false });
});

test('in development the code for a phone is in the outbox', async () => {
  const at = openPortalBrowser(world.url);
  await signUpAt(world.url, at, 'bob@example.com', 'a long enough password');
  const number = '+447400123456';
  expect((await at.ask('POST', '/portal/v1/phone', { number })).body).toMatchObject({ state: 'code_sent' });
  const [mail] = await keptMails(world.url, `${number}@phone.invalid`);
  const code = /\d{6}/.exec(mail?.body ?? '')?.[0];
  expect((await at.ask('POST', '/portal/v1/phone/confirm', { code })).body).toMatchObject({ state: 'proved' });
  const exported = (await at.ask('GET', '/portal/v1/me/export')).body;
  expect(exported).toMatchObject({ parts: { ways_in: { phone: { ending: '56' } } } });
});
