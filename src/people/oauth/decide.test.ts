import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Arrival, decide } from './decide.ts';

const somebody = fc.constantFrom('ada', 'bob', 'eve');
const arrivals: fc.Arbitrary<Arrival> = fc.record({
  owner: fc.option(somebody),
  linkingAs: fc.option(somebody),
  verifiedEmail: fc.option(fc.constantFrom('ada@example.com', 'bob@example.com')),
  holder: fc.option(fc.record({ id: somebody, hasWaysIn: fc.boolean() })),
  ssoRequired: fc.boolean(),
});

function holds(law: (arrival: Arrival, decision: ReturnType<typeof decide>) => boolean): void {
  fc.assert(
    fc.property(arrivals, (arrival) => law(arrival, decide(arrival))),
    { numRuns: 2_000 },
  );
}

test('nobody enters an account that has a way in, unless the account of the service is connected to it', () => {
  holds(({ owner, holder }, decision) => {
    if (!decision.ok || decision.value.kind === 'join') return true;
    if (decision.value.kind === 'link' && !decision.value.enters) return true;
    return decision.value.personId === owner || (decision.value.personId === holder?.id && !holder.hasWaysIn);
  });
});

test('an address nobody vouches for makes no account and connects none', () => {
  holds(({ verifiedEmail, linkingAs }, decision) => {
    if (verifiedEmail !== null || linkingAs !== null || !decision.ok) return true;
    return decision.value.kind === 'enter';
  });
});

test('whoever connects a service connects it to themselves, and never that of another', () => {
  holds(({ linkingAs, owner }, decision) => {
    if (linkingAs === null) return true;
    if (owner !== null && owner !== linkingAs) return !decision.ok && decision.refusal === 'connected_elsewhere';
    return decision.ok && decision.value.kind === 'link' && decision.value.personId === linkingAs;
  });
});

test('where single sign-on is required, no other service signs in', () => {
  holds(({ ssoRequired, linkingAs }, decision) => !ssoRequired || linkingAs !== null || !decision.ok);
});

test('a new address that is vouched for makes an account', () => {
  const arrival = { owner: null, linkingAs: null, verifiedEmail: 'a@example.com', holder: null, ssoRequired: false };
  expect(decide(arrival)).toEqual({ ok: true, value: { kind: 'join', email: 'a@example.com' } });
});
