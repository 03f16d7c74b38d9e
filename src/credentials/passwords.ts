import { ok, refuse, type Result } from '../base/result.ts';
import type { Hashers } from '../runtime/hashers.ts';
import { hashPassword, type PasswordCost, verifyPassword } from '../runtime/password.ts';

/** Two passes over 64 MiB on one lane: more than twice the least that OWASP's sheet on storing passwords asks for. */
const PASSWORD_COST: PasswordCost = { memoryKib: 65_536, passes: 2 };
/** Hashes that wait for their turn; at a tenth of a second each, the last one waits for about a second. */
const WAITING_MAX = 16;
/** On threads of this process: 128 MiB at most. */
const THREADS: Pick<Hashers, 'hash' | 'verify' | 'atOnce'> = { hash: hashPassword, verify: verifyPassword, atOnce: 2 };

/** Makes and compares passwords, a few at a time, off the event loop. `busy`: too many wait already. */
export interface Passwords {
  hash(password: string): Promise<Result<string, 'busy'>>;
  /** Null stands for nobody's password: it takes as long and is never right. */
  verify(password: string, encoded: string | null): Promise<Result<boolean, 'busy'>>;
}

export interface PasswordsOptions {
  readonly cost?: PasswordCost;
  readonly waitingMax?: number;
  /** Who works them out; threads of this process when left out. */
  readonly hashers?: Pick<Hashers, 'hash' | 'verify' | 'atOnce'>;
}

/** Two ways to write one text count as one (NFKC), so that a password does not depend on the keyboard. */
const normal = (password: string) => password.normalize('NFKC');

export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const cost = options.cost ?? PASSWORD_COST;
  const waitingMax = options.waitingMax ?? WAITING_MAX;
  const { hash, verify, atOnce } = options.hashers ?? THREADS;
  const nobodys = nobodysHash(cost);
  const waiting: (() => void)[] = [];
  let running = 0;

  async function inTurn<Value>(work: () => Promise<Value>): Promise<Result<Value, 'busy'>> {
    if (running >= atOnce) {
      if (waiting.length >= waitingMax) return refuse('busy');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else {
      running++;
    }
    try {
      return ok(await work());
    } finally {
      // The place goes to the next in line as it is; it is given up only when nobody waits.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  }

  return {
    hash: (password) => inTurn(() => hash(normal(password), cost)),
    verify: (password, encoded) =>
      inTurn(async () => {
        const right = await verify(normal(password), encoded ?? nobodys);
        return right && encoded !== null;
      }),
  };
}

/** A hash that no password is known to have, as a PHC string: 32 zero bytes of salt and of hash. */
function nobodysHash({ memoryKib, passes }: PasswordCost): string {
  const zeros = 'A'.repeat(43);
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${zeros}$${zeros}`;
}
