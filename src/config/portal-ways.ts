import { type Environment, readVariable } from './env.ts';
import type { Finding } from './problem.ts';
import type { OauthEntry, PhoneEntry } from './schema/portal-ways.ts';

/** A service people may sign up and in with. */
export interface OauthProviderConfig {
  /** In addresses. */
  readonly id: string;
  readonly label: string;
  readonly at:
    | { readonly issuer: string }
    | {
        readonly authorizationUrl: string;
        readonly tokenUrl: string;
        readonly userinfoUrl: string;
        readonly emailsUrl: string | null;
      };
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly scopes: string;
}

/** How codes are sent to phones. */
export interface PhoneConfig {
  readonly url: string;
  readonly secret: string;
  readonly messagesPerDay: number;
}

/** `found` collects endpoints that are missing, and secrets. */
export function assembleOauth(entries: OauthEntry, env: Environment, found: Finding[]): OauthProviderConfig[] {
  return Object.entries(entries).flatMap(([id, entry]) => {
    const tell = (key: string, message: string, fix: string) =>
      found.push({ path: ['portal', 'oauth', id, key], at: 'value', message, fix });
    const { label, client_id: clientId, client_secret_env: variable, scopes } = entry;
    const clientSecret = variable === null ? null : readVariable(env, variable);
    if (variable !== null && clientSecret === null) {
      const fix = `Set it with \`export ${variable}=...\`, or remove client_secret_env.`;
      tell('client_secret_env', `the environment variable ${variable} is not set`, fix);
    }
    const at = placeOf(entry);
    if (at === null) {
      tell(
        'issuer',
        'must be there, or all of authorization_endpoint, token_endpoint and userinfo_endpoint',
        PLACE_FIX,
      );
      return [];
    }
    return [{ id, label, at, clientId, clientSecret, scopes }];
  });
}

const PLACE_FIX =
  'Write the issuer of a service that speaks OpenID Connect, or the endpoints of another, and not both.';

function placeOf(entry: OauthEntry[string]): OauthProviderConfig['at'] | null {
  const { issuer, authorization_endpoint: authorizationUrl, token_endpoint: tokenUrl } = entry;
  const { userinfo_endpoint: userinfoUrl, emails_endpoint: emailsUrl } = entry;
  const endpoints = [authorizationUrl, tokenUrl, userinfoUrl, emailsUrl];
  if (issuer !== null) return endpoints.every((one) => one === null) ? { issuer } : null;
  if (authorizationUrl === null || tokenUrl === null || userinfoUrl === null) return null;
  return { authorizationUrl, tokenUrl, userinfoUrl, emailsUrl };
}

/** `found` collects a secret that is missing. */
export function assemblePhone(entry: PhoneEntry, env: Environment, found: Finding[]): PhoneConfig | null {
  if (entry === null) return null;
  const secret = readVariable(env, entry.secret_env);
  if (secret === null) {
    found.push({
      path: ['portal', 'phone', 'secret_env'],
      at: 'value',
      message: `the environment variable ${entry.secret_env} is not set`,
      fix: `Set it with \`export ${entry.secret_env}=...\`, or remove the section.`,
    });
  }
  return { url: entry.url, secret: secret ?? '', messagesPerDay: entry.messages_per_day };
}
