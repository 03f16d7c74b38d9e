import type { Context } from 'hono';
import type { Random } from '../base/random.ts';
import { createSessionCookie, type SessionCookie } from '../credentials/cookie.ts';
import { mintToken } from '../credentials/tokens.ts';
import { VERIFY_MINUTES } from './contract.ts';

/** The cookies of the portal, each out of reach of scripts and of other sites. */
export interface Cookies {
  readonly session: SessionCookie;
  /** Tells the browser that signed up from others, until the mail is proved. */
  readonly signUp: SessionCookie;
  /** A random token for this browser, so that a farm of accounts from one looks like one. */
  readonly device: SessionCookie;
}

/** 400 days, the longest browsers keep one. */
const DEVICE_MS = 34_560_000_000;
const MINUTE_MS = 60_000;

export function createCookies(secure: boolean, sessionMaxMs: number): Cookies {
  return {
    session: createSessionCookie('candor-portal', secure, sessionMaxMs),
    signUp: createSessionCookie('candor-sign-up', secure, VERIFY_MINUTES * MINUTE_MS),
    device: createSessionCookie('candor-device', secure, DEVICE_MS),
  };
}

/** Adds one cookie to an answer that may set others. */
export function setCookie(context: Context, value: string): void {
  context.header('set-cookie', value, { append: true });
}

/** Gives a browser its token at its first visit. */
export function markDevice(context: Context, { device }: Cookies, random: Random): void {
  if (device.read(context.req.raw) === null) setCookie(context, device.set(mintToken(random)));
}
