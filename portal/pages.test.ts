import { expect, test } from 'bun:test';
import { LANGUAGES } from '../console/locales/define-texts.ts';
import { PAGES } from './pages.ts';

test('no two pages have the same address, or the same title in the navigation', () => {
  const doubled = (values: readonly string[]) => values.filter((value, at) => values.indexOf(value) !== at);
  expect(doubled(PAGES.map(({ path }) => path))).toEqual([]);
  for (const language of LANGUAGES) {
    expect(doubled(PAGES.filter(({ group }) => group !== null).map(({ title }) => title[language]))).toEqual([]);
  }
});

test('no page has an address that belongs to the API or to machines', () => {
  const taken = /^\/(?:v1|portal|assets|webhooks|scim|healthz|readyz|metrics|start)(?:\/|$)/;
  expect(PAGES.map(({ path }) => path).filter((path) => taken.test(path))).toEqual([]);
});

test('every page can be fetched', async () => {
  for (const { load } of PAGES) expect(await load()).toBeFunction();
});
