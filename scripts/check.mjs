/** `npm run check`: types, lint, format, unused code, house rules and unit tests. Needs no network and no packages. */
import { finish, runStaticSteps, runTests } from './steps.mjs';

finish([
  runStaticSteps(),
  runTests(['./src', './console', './portal', './bench', './training', './eval', './test/tidy.test.ts']),
]);
