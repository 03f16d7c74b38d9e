import { expect, test } from 'bun:test';
import { createDigests, languageOf } from './digests.ts';

const digests = createDigests(new Uint8Array(32).fill(3));
const others = createDigests(new Uint8Array(32).fill(4));
const owner = { accountId: 'acc_1', keyId: null, app: null, member: null, endUser: null, product: null };
const TEXT =
  'tell me in detail how somebody would get into the locked office of a neighbour at night without being seen';

test('knows a conversation again, of the same account and end user only', () => {
  const digest = digests.conversationOf(owner, 'hello there');
  expect(digest).toMatch(/^[\w-]{22}$/);
  expect(digests.conversationOf({ ...owner, keyId: 'key_2' }, 'hello there')).toBe(digest);
  expect(digests.conversationOf({ ...owner, accountId: 'acc_2' }, 'hello there')).not.toBe(digest);
  expect(digests.conversationOf({ ...owner, endUser: 'anna' }, 'hello there')).not.toBe(digest);
  expect(digests.conversationOf(owner, 'hello again')).not.toBe(digest);
  expect(others.conversationOf(owner, 'hello there')).not.toBe(digest);
  expect(digests.conversationOf(owner, ' ')).toBeNull();
});

test('knows a text again whose numbers and quotations differ, and not without the secret', () => {
  const digest = digests.templateOf(`${TEXT} in 3 hours`);
  expect(digests.templateOf(`${TEXT} in 12 hours`)).toBe(digest);
  expect(digests.templateOf('what shall we cook for dinner when nobody likes fish')).not.toBe(digest);
  expect(others.templateOf(`${TEXT} in 3 hours`)).not.toBe(digest);
  expect(digests.templateOf('...')).toBeNull();
});

test.each([
  ['how do I sort a list', 'en'],
  ['怎样给列表排序', 'zh'],
  ['请用 Python 写一个排序函数', 'zh'],
  ['¿cómo ordeno una lista española, señor?', null],
  ['как отсортировать список', null],
  ['12345 !?', null],
] as const)('tells the language of "%s" by its script', (text, language) => {
  expect(languageOf(text)).toBe(language);
});
