/** `npm test`: everything `npm run check` does, and the suites that start whole servers and a browser. */
import { spawnSync } from 'node:child_process';
import { finish, runStaticSteps, runTests } from './steps.mjs';

const STDIO = { stdio: ['ignore', 'inherit', 'inherit'] };
const SETTING_UP = [
  ['scripts/install-packages.sh', 'test'],
  [process.execPath, 'scripts/build-console.mjs', '--must'],
];

const isReady = SETTING_UP.every(([program, ...args]) => spawnSync(program, args, STDIO).status === 0);
if (isReady)
  finish([runStaticSteps(), runTests(['./src', './console', './portal', './bench', './training', './eval', './test'])]);
else finish([{ passed: 0, failed: 1 }]);
