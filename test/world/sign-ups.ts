import type { SignupFacts } from '../../src/fraud/evidence.ts';
import type { Linkage } from '../../src/fraud/linkage.ts';

/** Sign-ups for tests: everybody is somebody else until they are told not to be. */
export const FIRST_MS = Date.UTC(2030, 0, 1);

let serial = 0;

export function signUp(facts: Partial<SignupFacts> = {}): SignupFacts {
  const nth = ++serial;
  return {
    accountId: `acct_${String(nth).padStart(6, '0')}`,
    atMs: FIRST_MS + nth * 1_200_000,
    email: `${lettersOf(nth)}@gmail.com`,
    ip: `${20 + (nth % 200)}.${(nth * 7) % 256}.${(nth * 13) % 256}.${1 + (nth % 250)}`,
    headers: [
      ['host', 'candor.example'],
      ['user-agent', `Browser/${nth % 40}.0`],
      ['accept', '*/*'],
    ],
    tlsClass: null,
    device: `device-${nth}`,
    formMs: 20_000,
    ...facts,
  };
}

/** Letters alone, so that no two have a root in common. */
function lettersOf(number: number): string {
  return [...number.toString(26).padStart(6, '0')]
    .map((digit) => 'qwertzuiopasdfghjklyxcvbnm'[Number.parseInt(digit, 26)])
    .join('');
}

/** People who have nothing to do with one another, so that there is something to be rare among. */
export function crowd(linkage: Linkage, people: number): void {
  for (let nth = 0; nth < people; nth++) linkage.signedUp(signUp());
}

export const SCRIPT: SignupFacts['headers'] = [
  ['host', 'candor.example'],
  ['user-agent', 'python-requests/2.32'],
];
