import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type GenerateKeyPairResult, SignJWT, UnsecuredJWT } from 'jose';

/** Somebody with an account at the provider. */
export interface Account {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean | string;
  readonly name?: string;
  readonly hd?: string;
}

/** What a provider of bad faith, or somebody on the way, changes of an honest answer. */
export interface Lies {
  /** Over those of the token. `undefined` leaves one out. */
  claims?: Readonly<Record<string, unknown>>;
  signedWith?: 'none' | 'public key as a secret' | 'another key';
  /** The code is taken as often as it comes. */
  codesForEver?: boolean;
  /** Sent along with the code (RFC 9207). */
  iss?: string;
}

/** A provider of OpenID Connect on this machine: discovery, keys, codes with PKCE, tokens, and who somebody is. */
export interface IdentityProvider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  lies: Lies;
  /** What the browser of somebody who says yes is sent back to. */
  consent(address: string, account: Account): string;
  /** What the token endpoint was asked, in all. */
  readonly tokenRequests: URLSearchParams[];
  close(): void;
}

interface Code {
  readonly account: Account;
  readonly nonce: string | null;
  readonly challenge: string;
  readonly redirectUri: string;
  readonly isOidc: boolean;
}

const CLIENT = { clientId: 'candor', clientSecret: 'a secret of the client' };

interface Provider {
  readonly issuer: string;
  readonly keys: GenerateKeyPairResult;
  readonly others: GenerateKeyPairResult;
  readonly codes: Map<string, Code>;
  readonly tokens: Map<string, Account>;
  readonly tokenRequests: URLSearchParams[];
  lies: Lies;
}

export async function openIdentityProvider(): Promise<IdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const provider: Provider = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    keys: await generateKeyPair('RS256', { extractable: true }),
    others: await generateKeyPair('RS256', { extractable: true }),
    codes: new Map(),
    tokens: new Map(),
    tokenRequests: [],
    lies: {},
  };
  server.on('request', (request, response) => void answer(provider, request, response));
  return open(provider, server);
}

function open(provider: Provider, server: Server): IdentityProvider {
  return {
    ...CLIENT,
    issuer: provider.issuer,
    tokenRequests: provider.tokenRequests,
    get lies() {
      return provider.lies;
    },
    set lies(lies) {
      provider.lies = lies;
    },
    consent(address, account) {
      const asked = new URL(address).searchParams;
      const redirectUri = asked.get('redirect_uri') ?? '';
      const code = randomUUID();
      const challenge = asked.get('code_challenge') ?? '';
      const isOidc = (asked.get('scope') ?? '').split(' ').includes('openid');
      provider.codes.set(code, { account, nonce: asked.get('nonce'), challenge, redirectUri, isOidc });
      const back = new URL(redirectUri);
      back.search = new URLSearchParams({
        code,
        state: asked.get('state') ?? '',
        ...(provider.lies.iss !== undefined && { iss: provider.lies.iss }),
      }).toString();
      return back.href;
    },
    close: () => server.close(),
  };
}

async function answer(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { issuer, keys } = provider;
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  if (request.url === '/.well-known/openid-configuration') {
    return send(200, {
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      userinfo_endpoint: `${issuer}/userinfo`,
      jwks_uri: `${issuer}/keys`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      code_challenge_methods_supported: ['S256'],
    });
  }
  if (request.url === '/keys') {
    return send(200, { keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'RS256', use: 'sig', kid: 'one' }] });
  }
  if (request.url === '/token' && request.method === 'POST') return token(provider, request, send);
  const account = provider.tokens.get((request.headers.authorization ?? '').replace(/^Bearer /i, ''));
  if (account === undefined) return send(401, { error: 'invalid_token' });
  if (request.url === '/userinfo') return send(200, account);
  // As services that speak OAuth 2.0 alone tell it.
  if (request.url === '/user') return send(200, { id: Number(account.sub), name: account.name, email: account.email });
  const listed = { email: account.email, primary: true, verified: account.email_verified === true };
  return send(200, [{ email: 'other@example.com', primary: false, verified: true }, listed]);
}

async function token(
  provider: Provider,
  request: IncomingMessage,
  send: (status: number, body: unknown) => void,
): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const form = new URLSearchParams(Buffer.concat(pieces).toString('utf8'));
  provider.tokenRequests.push(form);
  if (!isClient(request, form)) return send(401, { error: 'invalid_client' });
  const text = form.get('code') ?? '';
  const code = provider.codes.get(text);
  const verified = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (code === undefined || verified !== code.challenge || form.get('redirect_uri') !== code.redirectUri) {
    return send(400, { error: 'invalid_grant' });
  }
  if (provider.lies.codesForEver !== true) provider.codes.delete(text);
  const access = randomUUID();
  provider.tokens.set(access, code.account);
  const id = code.isOidc ? { id_token: await idToken(provider, code) } : {};
  send(200, { access_token: access, token_type: 'Bearer', expires_in: 60, ...id });
}

function isClient(request: IncomingMessage, form: URLSearchParams): boolean {
  const inHeader = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8');
  const [id = '', secret = ''] = inHeader.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
  const given = [id || form.get('client_id'), secret || form.get('client_secret')];
  return given[0] === CLIENT.clientId && given[1] === CLIENT.clientSecret;
}

async function idToken({ issuer, keys, others, lies }: Provider, { account, nonce }: Code): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const told = { iss: issuer, aud: CLIENT.clientId, iat: now, exp: now + 60, ...(nonce !== null && { nonce }) };
  const claims = JSON.parse(JSON.stringify({ ...told, ...account, ...lies.claims })) as Record<string, unknown>;
  if (lies.signedWith === 'none') return new UnsecuredJWT(claims).encode();
  if (lies.signedWith === 'public key as a secret') {
    const secret = new TextEncoder().encode(await exportSPKI(keys.publicKey));
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
  }
  const { privateKey } = lies.signedWith === 'another key' ? others : keys;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(privateKey);
}
