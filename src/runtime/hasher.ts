/** Hashes passwords, one at a time, as it is told on its input; ends with it. Run by `hashers.ts`. */
import { createInterface } from 'node:readline';
import type { HashAnswer, HashOrder } from './hashers.ts';

createInterface({ input: process.stdin })
  .on('line', (line) => {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line) as HashOrder))}\n`);
  })
  .on('close', () => process.exit(0));

/** On this very thread, whose priority is the lowest: the runtime's pool may have begun before that was set. */
function answer(order: HashOrder): HashAnswer {
  const { id, password } = order;
  try {
    if ('encoded' in order) return { id, right: Bun.password.verifySync(password, order.encoded) };
    const { memoryKib: memoryCost, passes: timeCost } = order.cost;
    return { id, hash: Bun.password.hashSync(password, { algorithm: 'argon2id', memoryCost, timeCost }) };
  } catch (error) {
    return { id, fault: error instanceof Error ? error.message : String(error) };
  }
}
