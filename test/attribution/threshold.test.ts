import { expect, test } from 'bun:test';
import { DEMO_APPS } from '../../src/app/demo/apps.ts';
import { createSeeded } from '../../src/app/demo/seeded.ts';
import { SAME_APP_LIKENESS } from '../../src/metering/apps/families.ts';
import { createKeyedHash } from '../../src/sketch/keyed-hash.ts';
import { maskedWords } from '../../src/sketch/mask.ts';
import { featuresOf, likeness, sketchOf } from '../../src/sketch/sketch.ts';

const JUDGED_ON = DEMO_APPS.filter((_, at) => at % 4 === 0);
const REQUESTS_EACH = 60;

/**
 * Pairs of requests, put together from a likeness on. What is measured is one request against one other; a family is
 * known by up to eight, so that it misses less than this.
 */
test('the likeness from which two prompts are one app lies where both mistakes are rare', () => {
  const seeded = createSeeded(12_345);
  const secret = Uint8Array.from({ length: 32 }, () => seeded.int(0, 255));
  const hash = createKeyedHash(secret);
  const sketches = JUDGED_ON.flatMap((app) =>
    Array.from({ length: REQUESTS_EACH }, () => {
      const { system, tools } = app.send(seeded);
      return { app: app.id, sketch: sketchOf(featuresOf(maskedWords(system), [...tools].sort(), hash)) };
    }),
  );
  const pairs = sketches.flatMap((one, at) =>
    sketches.slice(at + 1).map((other) => ({ same: one.app === other.app, alike: likeness(one.sketch, other.sketch) })),
  );
  const f1 = new Map<number, number>();
  for (const percent of [10, 20, 30, 40, 45, 50, 55, 60, 70, 80]) {
    const together = pairs.filter(({ alike }) => alike >= percent / 100);
    const right = together.filter(({ same }) => same).length;
    const precision = right / together.length;
    const recall = right / pairs.filter(({ same }) => same).length;
    f1.set(percent, (2 * precision * recall) / (precision + recall));
    console.info(`from ${percent}%: precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}`);
  }
  const best = Math.max(...f1.values());
  expect(f1.get(SAME_APP_LIKENESS * 100) ?? 0).toBeGreaterThan(best - 0.02);
});
