import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  type ClientAuth,
  Configuration,
  type CustomFetch,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchProtectedResource,
  fetchUserInfo,
  None,
} from 'openid-client';
import { z } from 'zod';
import { assert } from '../../base/assert.ts';
import type { Outbound } from '../../http/outbound.ts';
import { fetchThrough } from './fetch-through.ts';

/** A service that says who somebody is. */
export interface ProviderSettings {
  /** By discovery (OpenID Connect Discovery 1.0); or the endpoints of a service that speaks OAuth 2.0 alone. */
  readonly at:
    | { readonly issuer: string }
    | {
        readonly authorizationUrl: string;
        readonly tokenUrl: string;
        /** Who they are, as a JSON object with `id` or `sub`. */
        readonly userinfoUrl: string;
        /** A list of `{email, primary, verified}`, where who they are does not say it; null where it does. */
        readonly emailsUrl: string | null;
      };
  readonly clientId: string;
  /** Null for a client that keeps no secret. */
  readonly clientSecret: string | null;
  /** Parted by spaces. */
  readonly scopes: string;
}

/** What a service says of somebody. Nothing of it is believed beyond what `scope` may say. */
export interface Claims {
  /** Who says it: the issuer, or the token endpoint of a service without one. */
  readonly scope: string;
  /** Who they are there, for good. */
  readonly subject: string;
  readonly email: string | null;
  /** Null where nothing is said of it. */
  readonly emailVerified: boolean | null;
  readonly name: string | null;
  /** Google's claim of the organisation an account belongs to. */
  readonly hostedDomain: string | null;
}

/** What goes to a service with the browser, and is compared when it comes back. */
export interface Asked {
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

export interface Provider {
  /** Where the browser goes. Throws `ProviderFault` when the service cannot be asked for its endpoints. */
  addressFor(asked: Asked, hints?: Readonly<Record<string, string>>): Promise<URL>;
  /** What the service says of whoever comes back with this query. Throws `ProviderFault` when it does not hold. */
  claimsOf(query: URLSearchParams, asked: Asked): Promise<Claims>;
}

/** The service did not answer, or what it answered does not hold. Carries no code, token or claim. */
export class ProviderFault extends Error {
  override readonly name = 'ProviderFault';
  /** Of the library, such as `OAUTH_JWT_CLAIM_COMPARISON_FAILED`; for the log. */
  readonly code: string;
  constructor(code: string) {
    super(`a provider of sign-ins failed: ${code}`);
    this.code = code;
  }
}

const TIMEOUT_S = 10;
/** Endpoints are asked for anew after so long. */
const KNOWN_MS = 3_600_000;
const SUBJECT_CHARS_MAX = 255;

export function createProvider(
  settings: ProviderSettings,
  { outbound, nowMs }: { readonly outbound: Outbound; readonly nowMs: () => number },
): Provider {
  const fetch = fetchThrough(outbound);
  let known: { readonly untilMs: number; readonly config: Promise<Configuration> } | null = null;

  function configured(): Promise<Configuration> {
    if (known !== null && nowMs() < known.untilMs) return known.config;
    const config = configure(settings, fetch);
    const held = { untilMs: nowMs() + KNOWN_MS, config };
    known = held;
    config.catch(() => {
      if (known === held) known = null;
    });
    return config;
  }

  return {
    addressFor: (asked, hints = {}) =>
      orFault(async () =>
        buildAuthorizationUrl(await configured(), {
          ...hints,
          redirect_uri: asked.redirectUri,
          scope: settings.scopes,
          state: asked.state,
          code_challenge: await calculatePKCECodeChallenge(asked.verifier),
          code_challenge_method: 'S256',
          ...('issuer' in settings.at && { nonce: asked.nonce }),
        }),
      ),
    claimsOf: (query, asked) =>
      orFault(async () => {
        const config = await configured();
        const address = new URL(asked.redirectUri);
        address.search = query.toString();
        const isOidc = 'issuer' in settings.at;
        const tokens = await authorizationCodeGrant(config, address, {
          expectedState: asked.state,
          pkceCodeVerifier: asked.verifier,
          ...(isOidc && { expectedNonce: asked.nonce, idTokenExpected: true }),
        });
        if (!('issuer' in settings.at)) return oauthClaims(config, tokens.access_token, settings.at);
        const claims = tokens.claims();
        assert(claims !== undefined, 'an ID token is asked for');
        return oidcClaims(config, tokens.access_token, claims);
      }),
  };
}

async function configure(settings: ProviderSettings, fetch: CustomFetch): Promise<Configuration> {
  const { at, clientId, clientSecret } = settings;
  const authenticate = secretOf(clientSecret);
  if ('issuer' in at) {
    const server = new URL(at.issuer);
    // The signature counts although the token comes straight from the service: one check that does not hang on the line.
    const execute = [enableNonRepudiationChecks, ...plain(server)];
    return discovery(server, clientId, undefined, authenticate, { [customFetch]: fetch, timeout: TIMEOUT_S, execute });
  }
  const config = new Configuration(
    {
      issuer: at.tokenUrl,
      authorization_endpoint: at.authorizationUrl,
      token_endpoint: at.tokenUrl,
      // What services that speak OAuth 2.0 alone have in common.
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    },
    clientId,
    undefined,
    authenticate,
  );
  config[customFetch] = fetch;
  config.timeout = TIMEOUT_S;
  for (const prepare of plain(new URL(at.tokenUrl))) prepare(config);
  return config;
}

/** Plain HTTP is left to the way out, which allows it to hosts of the own network alone. */
function plain({ protocol }: URL): ((config: Configuration) => void)[] {
  return protocol === 'http:' ? [allowInsecureRequests] : [];
}

/** In the header, which the standard makes the way every service knows; in the body where one says that it wants that. */
function secretOf(secret: string | null): ClientAuth {
  if (secret === null) return None();
  const inHeader = ClientSecretBasic(secret);
  const inBody = ClientSecretPost(secret);
  return function authenticate(server, client, body, headers) {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (methods.includes('client_secret_basic') ? inHeader : inBody)(server, client, body, headers);
  };
}

const text = z.string().min(1);
const saidClaims = z.object({
  email: text.max(320).nullish().catch(null),
  // Some services write it as a text.
  email_verified: z
    .union([z.boolean(), z.literal('true').transform(() => true), z.literal('false').transform(() => false)])
    .nullish()
    .catch(null),
  name: text.max(400).nullish().catch(null),
  hd: text.max(253).nullish().catch(null),
});

async function oidcClaims(
  config: Configuration,
  accessToken: string,
  token: { readonly iss: string; readonly sub: string } & Readonly<Record<string, unknown>>,
): Promise<Claims> {
  const inToken = saidClaims.parse(token);
  const asksMore = (inToken.email ?? null) === null && config.serverMetadata().userinfo_endpoint !== undefined;
  // The subject is compared with that of the token.
  const said = asksMore ? saidClaims.parse(await fetchUserInfo(config, accessToken, token.sub)) : inToken;
  return {
    scope: token.iss,
    subject: token.sub,
    email: said.email ?? null,
    emailVerified: said.email_verified ?? null,
    name: said.name ?? null,
    hostedDomain: inToken.hd ?? null,
  };
}

const user = saidClaims.extend({
  id: z.union([text, z.number().int()]).transform(String).optional(),
  sub: text.optional(),
});
const emails = z.array(z.object({ email: text.max(320), primary: z.boolean().catch(false), verified: z.boolean() }));

async function oauthClaims(
  config: Configuration,
  accessToken: string,
  { tokenUrl, userinfoUrl, emailsUrl }: { tokenUrl: string; userinfoUrl: string; emailsUrl: string | null },
): Promise<Claims> {
  const ask = async (url: string) => {
    const headers = new Headers({ accept: 'application/json' });
    const answer = await fetchProtectedResource(config, accessToken, new URL(url), 'GET', null, headers);
    if (!answer.ok) throw new ProviderFault(`status ${answer.status}`);
    return await answer.json();
  };
  const said = user.parse(await ask(userinfoUrl));
  const subject = said.sub ?? said.id;
  if (subject === undefined || subject.length > SUBJECT_CHARS_MAX) throw new ProviderFault('no subject');
  const listed = emailsUrl === null ? null : emails.parse(await ask(emailsUrl)).find(({ primary }) => primary);
  const email = listed === null ? (said.email ?? null) : (listed?.email ?? null);
  const emailVerified = listed === null ? (said.email_verified ?? null) : (listed?.verified ?? null);
  return { scope: tokenUrl, subject, email, emailVerified, name: said.name ?? null, hostedDomain: null };
}

async function orFault<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderFault) throw error;
    // What the library quotes may be a token: only its own word for the kind of error goes on.
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ProviderFault(/^[A-Za-z_]{1,64}$/.test(code) ? code : 'UNKNOWN');
  }
}
