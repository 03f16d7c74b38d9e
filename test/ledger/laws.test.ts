import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { command } from './ledger-commands.ts';
import { LedgerGame } from './ledger-game.ts';

const STEPS = Number(process.env['CANDOR_LAW_STEPS'] ?? 20_000);
const STEPS_A_RUN_MAX = 200;
const RUNS_AT_ONCE = 20;
const TIMEOUT_MS = 600_000;

test(
  `${STEPS} random steps hold the laws of the ledger`,
  async () => {
    let steps = 0;
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 1, maxLength: STEPS_A_RUN_MAX, size: 'max' }),
      async (commands) => {
        const game = await LedgerGame.start();
        try {
          for (const one of commands) {
            await game.play(one);
            steps++;
          }
          await game.look();
        } finally {
          await game.end();
        }
      },
    );
    while (steps < STEPS) await fc.assert(property, { numRuns: RUNS_AT_ONCE });
    expect(steps).toBeGreaterThanOrEqual(STEPS);
  },
  TIMEOUT_MS,
);
