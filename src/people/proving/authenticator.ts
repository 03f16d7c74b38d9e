import { isoCBOR } from '@simplewebauthn/server/helpers';
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { z } from 'zod';

const creation = z.object({
  challenge: z.string(),
  rp: z.object({ id: z.string() }),
  user: z.object({ id: z.string() }),
  excludeCredentials: z.array(z.object({ id: z.string() })).default([]),
});
const asking = z.object({
  challenge: z.string(),
  rpId: z.string(),
  allowCredentials: z.array(z.object({ id: z.string() })).default([]),
});

/** What an authenticator of bad faith or another page changes of an honest answer. */
export interface Bent {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  /** Whether the owner was asked for a finger or a code. */
  readonly userVerified?: boolean;
  /** In place of one more than before. */
  readonly counter?: number;
  readonly userHandle?: string;
  readonly type?: string;
}

/** A passkey in software, by WebAuthn Level 3: what a browser and its authenticator answer. */
export interface Authenticator {
  create(options: unknown, bent?: Bent): Record<string, unknown>;
  /** With the passkey made last. */
  get(options: unknown, bent?: Bent): Record<string, unknown>;
  /** The same keys in other hands. */
  copy(): Authenticator;
}

interface Held {
  readonly id: string;
  readonly userHandle: string;
  readonly key: string;
  counter: number;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

export function createAuthenticator(origin: string, held: Held | null = null): Authenticator {
  let passkey = held;

  return {
    create(options, bent = {}) {
      const { challenge, rp, user } = creation.parse(options);
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const id = Buffer.from(crypto.getRandomValues(new Uint8Array(16)));
      passkey = {
        id: id.toString('base64url'),
        userHandle: user.id,
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        counter: 0,
      };
      const cose = coseOf(publicKey.export({ format: 'jwk' }));
      const length = Buffer.from([0, id.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, cose]);
      const data = Buffer.concat([head(rp.id, bent, ATTESTED, bent.counter ?? 0), attested]);
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', new Uint8Array(data)],
        ]) as Parameters<typeof isoCBOR.encode>[0],
      );
      const response = {
        clientDataJSON: clientData('webauthn.create', { challenge, origin }, bent).toString('base64url'),
        attestationObject: Buffer.from(attestation).toString('base64url'),
        transports: ['internal'],
      };
      return { id: passkey.id, rawId: passkey.id, type: 'public-key', clientExtensionResults: {}, response };
    },
    get(options, bent = {}) {
      if (passkey === null) throw new Error('there is no passkey yet');
      const { challenge, rpId } = asking.parse(options);
      passkey.counter = bent.counter ?? passkey.counter + 1;
      const data = head(rpId, bent, 0, passkey.counter);
      const client = clientData('webauthn.get', { challenge, origin }, bent);
      const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
      const response = {
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, createPrivateKey(passkey.key)).toString('base64url'),
        userHandle: bent.userHandle ?? passkey.userHandle,
      };
      return { id: passkey.id, rawId: passkey.id, type: 'public-key', clientExtensionResults: {}, response };
    },
    copy: () => createAuthenticator(origin, passkey && { ...passkey }),
  };
}

function clientData(type: string, said: { challenge: string; origin: string }, bent: Bent): Buffer {
  const { challenge = said.challenge, origin = said.origin } = bent;
  return Buffer.from(JSON.stringify({ type: bent.type ?? type, challenge, origin, crossOrigin: false }));
}

/** The first part of what is signed: whom it is for, what was done, and how often. */
function head(rpId: string, bent: Bent, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const verified = bent.userVerified === false ? 0 : USER_VERIFIED;
  const id = createHash('sha256')
    .update(bent.rpId ?? rpId)
    .digest();
  return Buffer.concat([id, Buffer.from([USER_PRESENT | verified | flags]), count]);
}

/** A public key as authenticators write it (RFC 9053): ES256 on P-256. */
function coseOf({ x = '', y = '' }: { readonly x?: string; readonly y?: string }): Uint8Array {
  return isoCBOR.encode(
    new Map<number, number | Uint8Array>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
      [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
    ]),
  );
}
