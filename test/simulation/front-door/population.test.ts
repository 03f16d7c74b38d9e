import { describe, expect, test } from 'bun:test';
import { readOptions } from './options.ts';
import { parsePopulations, readPopulations, withFarmed } from './population.ts';
import { defaultParameters, withSettings } from './systems/settings.ts';

const STANDARD = readPopulations('standard');

function refusalOf(change: (file: { cohorts: Record<string, unknown>[] }) => void): string {
  if (!STANDARD.ok) throw new Error(STANDARD.refusal);
  const file = structuredClone(STANDARD.value) as unknown as { cohorts: Record<string, unknown>[] };
  change(file);
  const read = parsePopulations(JSON.stringify(file), 'mine.json');
  return read.ok ? 'accepted' : read.refusal;
}

describe('a population file', () => {
  test('that comes with the simulator is read', () => {
    expect(STANDARD.ok ? STANDARD.value.cohorts.length : STANDARD.refusal).toBeGreaterThan(15);
    expect(refusalOf(() => undefined)).toBe('accepted');
  });

  test('keeps its proportions when another share of it is farmed', () => {
    if (!STANDARD.ok) throw new Error(STANDARD.refusal);
    const less = withFarmed(STANDARD.value, 0.1);
    const share = (kinds: readonly string[]) =>
      less.cohorts.filter(({ kind }) => kinds.includes(kind)).reduce((sum, cohort) => sum + cohort.share, 0);
    expect([share(['farm', 'chain']), share(['people', 'evader', 'griefer', 'reseller'])]).toEqual([
      expect.closeTo(0.1, 9),
      expect.closeTo(0.9, 9),
    ]);
  });

  test('is refused in words that name the file and the field', () => {
    expect(refusalOf((file) => delete file.cohorts[0]?.['share'])).toContain(
      'mine.json describes no populations:\n  cohorts.0.share',
    );
    expect(refusalOf((file) => Object.assign(file.cohorts[0] ?? {}, { mail: { hotmial: 1 } }))).toContain(
      'cohorts.0.mail',
    );
    expect(refusalOf((file) => Object.assign(file.cohorts[0] ?? {}, { share: 0.5 }))).toContain('shares add up to');
    expect(refusalOf((file) => Object.assign(file.cohorts[1] ?? {}, { name: 'ordinary' }))).toContain(
      "two cohorts are named 'ordinary'",
    );
    expect(parsePopulations('{', 'mine.json')).toMatchObject({ ok: false });
    expect(readPopulations('/nowhere/populations.json')).toEqual({
      ok: false,
      refusal: '/nowhere/populations.json cannot be read',
    });
  });
});

describe('the command line', () => {
  test('takes seeds, a size and parameters', () => {
    const read = readOptions(['--seeds', '4,5', '--signups', '800', '--set', 'linkage.hardBits=21', '--json']);
    expect(read).toMatchObject({
      ok: true,
      value: { seeds: [4, 5], signUps: 800, settings: ['linkage.hardBits=21'], json: true },
    });
  });

  test.each([[['--signups', '3']], [['--seed', 'x']], [['--sead', '1']], [['--explain', '-1']]])(
    'refuses %p',
    (args) => {
      expect(readOptions(args).ok).toBe(false);
    },
  );

  test('gives parameters of the detector another value, and refuses names there are not', () => {
    const changed = withSettings(defaultParameters(), [
      'linkage.hardBits=21',
      'vesting.ceilings.card=5',
      'network.database=false',
    ]);
    expect(changed).toMatchObject({
      ok: true,
      value: {
        linkage: { hardBits: 21 },
        vesting: { ceilings: { card: 5_000_000_000n } },
        network: { database: false },
      },
    });
    expect(withSettings(defaultParameters(), ['linkage.hardBit=21'])).toMatchObject({ ok: false });
    expect(withSettings(defaultParameters(), ['linkage.hardBits=much'])).toMatchObject({ ok: false });
    expect(withSettings(defaultParameters(), ['vesting.ceilings=2'])).toMatchObject({ ok: false });
  });
});
