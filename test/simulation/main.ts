/** `npm run simulate`: the parts that decide about people, over a month of virtual time. */
import { simulateFrontDoor } from './front-door/command.ts';
import { USAGE } from './front-door/options.ts';

const [what, ...args] = process.argv.slice(2);
if (what === 'front-door') process.exitCode = simulateFrontDoor(args);
else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = what === undefined || what === '--help' ? 0 : 64;
}
