/** `npm run simulate`: the parts that decide about people, over a month of virtual time. */
import { simulateFrontDoor } from './front-door/command.ts';
import { USAGE } from './front-door/options.ts';
import { simulateEnforcement } from './enforcement/command.ts';
import { ENFORCEMENT_USAGE } from './enforcement/options.ts';

const [what, ...args] = process.argv.slice(2);
if (what === 'front-door') process.exitCode = simulateFrontDoor(args);
else if (what === 'enforcement') process.exitCode = simulateEnforcement(args);
else {
  process.stderr.write(`${USAGE}\n\n${ENFORCEMENT_USAGE}\n`);
  process.exitCode = what === undefined || what === '--help' ? 0 : 64;
}
