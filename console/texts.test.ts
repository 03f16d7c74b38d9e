import { describe, expect, test } from 'bun:test';
import { readSiteTexts } from '../test/texts/texts.ts';
import { PAGES } from './pages.ts';

const { modules, lines, faults } = await readSiteTexts(import.meta.dirname, PAGES);

describe('texts of the console', () => {
  test('are found', () => {
    expect(modules).toBeGreaterThan(5);
    expect(lines.length).toBeGreaterThan(150);
  });

  test.each(Object.entries(faults))('%s', (_rule, found) => {
    expect(found).toEqual([]);
  });
});
