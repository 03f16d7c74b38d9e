import { createHash } from 'node:crypto';
import type { Random } from '../base/random.ts';

const TOKEN_BYTES = 32;

/** 256 random bits in base64url: a session, a setup, an invitation. Told once; only its digest is kept. */
export function mintToken(random: Random): string {
  return Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
}

/** SHA-256. The token is random throughout, so one round is enough, and looking the digest up tells nothing of it. */
export function digestToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

/** The forgery token of a session: whoever has it had the session's answers, and it does not give the session away. */
export function csrfOf(token: string): string {
  return createHash('sha256').update(`csrf:${token}`).digest('base64url');
}
