/** Signatures of this service: Ed25519 (RFC 8032), so that anybody can check them with the public key alone. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Random } from '../base/random.ts';
import { loadSecretFile } from '../storage/secret-file.ts';

export interface Signer {
  /** base64url of the 32 bytes. */
  readonly publicKey: string;
  /** base64url of the 64 bytes. */
  sign(text: string): string;
}

/** What precedes the 32 bytes of a private or public key in DER (RFC 8410). */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

const KEY_FILE = 'audit-key';

/** The signer of a data folder; its key is made at first use. */
export function loadSigner(dataDir: string, random: Random): Signer {
  return createSigner(loadSecretFile(dataDir, KEY_FILE, random));
}

/** `seed`: 32 secret bytes. */
export function createSigner(seed: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.concat([PRIVATE_HEAD, seed]), format: 'der', type: 'pkcs8' });
  return {
    publicKey: rawOf(createPublicKey(key)).toString('base64url'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64url'),
  };
}

export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.length !== 32) return false;
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_HEAD, raw]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64url'));
}

function rawOf(key: KeyObject): Buffer {
  return Buffer.from(key.export({ format: 'der', type: 'spki' })).subarray(PUBLIC_HEAD.length);
}
