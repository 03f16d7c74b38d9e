import { scrypt } from '@noble/hashes/scrypt.js';

/** What the page sends: the challenge and the address it is solved for. */
export interface ProofTask {
  readonly nonce: string;
  readonly email: string;
  readonly scrypt: { readonly n: number; readonly r: number; readonly p: number };
  readonly below: number;
}

export type ProofNews =
  | { readonly kind: 'tried'; readonly tries: number }
  | { readonly kind: 'solved'; readonly solution: string };

const HASH_BYTES = 32;
/** Of the beginning of a solution, so that two pages do not search the same texts. */
const START_BYTES = 8;

/** Tries texts until one counts, beside the page, which stays as quick as ever. */
addEventListener('message', ({ data }: MessageEvent<ProofTask>) => {
  const start = Array.from(crypto.getRandomValues(new Uint8Array(START_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
  for (let tries = 1; ; tries++) {
    const solution = `${start}-${tries}`;
    if (firstNumber(data, solution) < data.below) {
      postMessage({ kind: 'solved', solution } satisfies ProofNews);
      return;
    }
    postMessage({ kind: 'tried', tries } satisfies ProofNews);
  }
});

function firstNumber({ email, nonce, scrypt: { n, r, p } }: ProofTask, solution: string): number {
  const hash = scrypt(`${email}\n${solution}`, nonce, { N: n, r, p, dkLen: HASH_BYTES });
  return new DataView(hash.buffer, hash.byteOffset).getUint32(0);
}
