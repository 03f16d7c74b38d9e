import type { Environment } from './env.ts';
import { assembleOauth, assemblePhone, type OauthProviderConfig, type PhoneConfig } from './portal-ways.ts';
import type { MailEntry } from './schema/mail.ts';
import type { PortalEntry } from './schema/portal.ts';
import type { ConfigProblem, Finding } from './problem.ts';

/** Where people sign up. */
export interface PortalConfig {
  readonly enabled: boolean;
  /** What people know the service as. */
  readonly name: string;
  /** Scheme and host people open it at; null: where the API listens, in development. */
  readonly publicUrl: string | null;
  /** Names it may be opened at, without port, in small letters; null: the usual ones. */
  readonly allowedHosts: readonly string[] | null;
  readonly termsUrl: string | null;
  readonly privacyUrl: string | null;
  /** A session of a person that is not used for this long ends. */
  readonly sessionIdleMs: number;
  /** A session of a person ends after this long, used or not. */
  readonly sessionMaxMs: number;
  /** Keep mails to be read on this machine, for development. */
  readonly mailOutbox: boolean;
  /** Other services people may sign up and in with, in the order they are shown. */
  readonly oauth: readonly OauthProviderConfig[];
  /** Null sends no codes to phones. */
  readonly phone: PhoneConfig | null;
}

const HOUR_MS = 3_600_000;

/** `found` collects what would leave people waiting for mails, or show their mails to others. */
export function assemblePortal(
  entry: PortalEntry,
  { host, mail, env }: { readonly host: string; readonly mail: MailEntry; readonly env: Environment },
  found: Finding[],
): PortalConfig {
  const tell = (key: string, message: string, fix: string) =>
    found.push({ path: ['portal', key], at: 'value', message, fix });
  if (entry.enabled && mail === null && !entry.mail_outbox) {
    tell('enabled', 'needs mail: nobody can sign up without one', OUTBOX_FIX);
  }
  if (entry.enabled && mail !== null && entry.public_url === null) {
    tell('enabled', 'needs portal.public_url: links in mails begin with it', 'Write the address people open it at.');
  }
  if (entry.mail_outbox && mail !== null) {
    tell('mail_outbox', 'is for where there is no mail', 'Remove it, or the section `mail`.');
  }
  if (entry.mail_outbox && !isThisMachine(host)) tell('mail_outbox', EXPOSED, EXPOSED_FIX);
  return {
    enabled: entry.enabled,
    name: entry.name,
    publicUrl: entry.public_url,
    allowedHosts: entry.allowed_hosts?.map((name) => name.toLowerCase()) ?? null,
    termsUrl: entry.terms_url,
    privacyUrl: entry.privacy_url,
    sessionIdleMs: entry.session_idle_hours * HOUR_MS,
    sessionMaxMs: entry.session_max_hours * HOUR_MS,
    mailOutbox: entry.mail_outbox,
    oauth: assembleOauth(entry.oauth, env, found),
    phone: assemblePhone(entry.phone, env, found),
  };
}

const OUTBOX_FIX = 'Configure `mail`, or set `mail_outbox: true` for development.';
const EXPOSED = 'would show the mails of people to whoever reaches server.host';
const EXPOSED_FIX = 'Listen on 127.0.0.1, or configure `mail` instead.';

/** Open to people on this machine, with their mails kept on it: to try it, without a word of configuration. */
export function portalToTry(portal: PortalConfig): PortalConfig {
  return { ...portal, enabled: true, mailOutbox: true };
}

/** What an address from the environment makes of it, which goes before that of the file. */
export function checkOutbox(portal: PortalConfig, host: string | undefined): ConfigProblem[] {
  if (!portal.mailOutbox || host === undefined || isThisMachine(host)) return [];
  return [{ place: null, key: 'CANDOR_HOST', message: `with portal.mail_outbox, it ${EXPOSED}`, fix: EXPOSED_FIX }];
}

/** Whether nobody on another machine reaches a listener there. */
export function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
