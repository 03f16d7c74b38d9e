import { expect, test } from 'bun:test';
import { isSharedMail, mailFactsOf } from './mail.ts';

test.each([
  ['J.Doe+news@Googlemail.com', 'jdoe@gmail.com'],
  ['j.doe+news@outlook.com', 'j.doe@outlook.com'],
  ['j.doe+x@pm.me', 'j.doe@proton.me'],
  ['j.doe+x@me.com', 'j.doe@icloud.com'],
  ['j.doe+x@fastmail.com', 'j.doe@fastmail.com'],
  ['J.Doe+x@example.org', 'j.doe+x@example.org'],
  ['me@bücher.example', 'me@xn--bcher-kva.example'],
])('%s is the mailbox %s', (email, mailbox) => {
  expect(mailFactsOf(email).address).toBe(mailbox);
});

test.each([
  ['a@gmail.com', 'public'],
  ['a@yahoo.co.uk', 'public'],
  ['a@acme.example', 'organisation'],
  ['a@privaterelay.appleid.com', 'relay'],
  ['a@duck.com', 'relay'],
  ['a@my.anonaddy.com', 'relay'],
  ['a@mailinator.com', 'disposable'],
] as const)('%s is of the kind %s', (email, kind) => {
  expect(mailFactsOf(email).kind).toBe(kind);
});

test('a school is known by its suffix', () => {
  expect(mailFactsOf('a@cs.stanford.edu').academic).toBe(true);
  expect(mailFactsOf('a@tsinghua.edu.cn').academic).toBe(true);
  expect(mailFactsOf('a@ox.ac.uk').academic).toBe(true);
  expect(mailFactsOf('a@education.example').academic).toBe(false);
});

test.each([
  ['anna.bell@x.example', 'annabell', 'w.w', false],
  ['brightotter481@x.example', 'brightotter', 'wd3', true],
  ['otter7@x.example', 'otter', 'wd2', true],
  ['a03867011b71@x.example', null, 'x', true],
  ['s1234567@x.example', null, 'wd7', false],
  ['jo@x.example', null, 'w', false],
] as const)('%s has the root %s and the shape %s', (email, root, shape, drawn) => {
  const facts = mailFactsOf(email);
  expect({ shape: facts.shape, drawn: facts.drawn }).toEqual({ shape, drawn });
  if (shape !== 'x') expect(facts.root).toBe(root);
});

test('a domain is shared whose addresses anybody may have, for years or for an hour', () => {
  const domains = ['gmail.com', 'live.fi', 'qq.com', 'mailinator.com', 'duck.com', 'acme.com', 'mit.edu'];
  expect(domains.filter(isSharedMail)).toEqual(domains.slice(0, 5));
});
