import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';

type SignOptions = Parameters<typeof startAuthentication>[0]['optionsJSON'];
type MakeOptions = Parameters<typeof startRegistration>[0]['optionsJSON'];
type Json = Record<string, unknown>;

/** An address in digits: a passkey is made for a name. */
const ADDRESS = /^[\d.]+$|^\[/;

/** False on plain HTTP from another machine, at an address in digits, and in browsers that know no passkeys. */
export function canUsePasskeys(): boolean {
  return browserSupportsWebAuthn() && !ADDRESS.test(window.location.hostname);
}

/** Has the device sign in with a passkey; rejects when the person or the device says no. */
export async function signWithPasskey(options: Json): Promise<Json> {
  return { ...(await startAuthentication({ optionsJSON: options as unknown as SignOptions })) };
}

/** Has the device make a passkey; rejects when the person or the device says no. */
export async function makePasskey(options: Json): Promise<Json> {
  return { ...(await startRegistration({ optionsJSON: options as unknown as MakeOptions })) };
}
