import { domainToASCII } from 'node:url';
import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { parse } from 'tldts';
import { dropsDots, dropsTag, isPublicMail, isRelay, sameProvider } from './mail-providers.ts';

/** Made once: the library makes its set of some hundred thousand names anew for every question. */
const DISPOSABLE: ReadonlySet<string> = disposableEmailBlocklistSet();

/** Who gives out addresses at a domain: anybody may have one, an organisation's own, one that hides another, one for an hour. */
const MAIL_KINDS = ['public', 'organisation', 'relay', 'disposable'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** What an address shows. */
export interface MailFacts {
  /** One text for every spelling of one mailbox. */
  readonly address: string;
  /** Its provider takes several spellings for one mailbox; elsewhere two accounts with one mailbox cannot be. */
  readonly spellings: boolean;
  /** The registrable domain in ASCII. */
  readonly domain: string;
  readonly kind: MailKind;
  /** A school's, by its public suffix (`edu`, `ac.uk`, `edu.cn`). */
  readonly academic: boolean;
  /** The local part without separators and trailing digits; null where too little is left to tell people apart. */
  readonly root: string | null;
  /** Runs of letters and digits: `w.w`, `wd3`; `x` for a jumble. */
  readonly shape: string;
  /** May be drawn by a program: has digits, though not a number of an organisation's giving, or letters nobody can say. */
  readonly drawn: boolean;
}

const ROOT_CHARS_MIN = 4;
const RUNS_MAX = 4;

export function mailFactsOf(email: string): MailFacts {
  const at = email.lastIndexOf('@');
  const host = domainToASCII(
    email
      .slice(at + 1)
      .trim()
      .toLowerCase(),
  );
  const local = email.slice(0, Math.max(0, at)).trim().normalize('NFKC').toLowerCase();
  const name = nameOf(local, host);
  const { domain, publicSuffix } = parse(host, { validateHostname: false });
  const registrable = domain ?? host;
  const plain = name.replace(/[^\p{L}\p{N}]/gu, '');
  const root = plain.replace(/\p{N}+$/u, '');
  return {
    address: `${name}@${sameProvider(host)}`,
    spellings: dropsTag(host),
    domain: registrable,
    kind: kindOf(host, registrable),
    academic: /^(edu|ac)(\.|$)/.test(publicSuffix ?? ''),
    root: root.length >= ROOT_CHARS_MIN ? root : null,
    shape: shapeOf(name),
    drawn: isDrawn(name),
  };
}

/** Whether addresses of a domain are given to anybody: its mailboxes, `admin` among them, speak for nobody else in it. */
export function isSharedMail(domain: string): boolean {
  return mailFactsOf(`x@${domain}`).kind !== 'organisation';
}

/** The local part as the provider of the host reads it. */
function nameOf(local: string, host: string): string {
  const plain = dropsTag(host) ? local.replace(/\+.*$/, '') : local;
  return dropsDots(host) ? plain.replaceAll('.', '') : plain;
}

function kindOf(host: string, registrable: string): MailKind {
  if (isRelay(host)) return 'relay';
  if (isPublicMail(registrable)) return 'public';
  return DISPOSABLE.has(host) || DISPOSABLE.has(registrable) ? 'disposable' : 'organisation';
}

/** Digits before letters: few names are written so, and whatever a program draws from all of them is. */
const JUMBLED = /\p{N}\p{L}/u;
/** One or two digits are one way of writing: whoever counts up passes from the one to the other. */
const FEW_DIGITS = 2;

function shapeOf(name: string): string {
  if (JUMBLED.test(name)) return 'x';
  const runs = name.match(/\p{L}+|\p{N}+|[^\p{L}\p{N}]+/gu) ?? [];
  if (runs.length > RUNS_MAX) return 'x';
  return runs
    .map((run) => {
      if (/^\p{L}/u.test(run)) return 'w';
      return /^\p{N}/u.test(run) ? `d${Math.max(FEW_DIGITS, run.length)}` : run.slice(0, 1);
    })
    .join('');
}

/** Numbers that a school or a firm gives its people. */
const NUMBERED = /^\p{L}{0,2}\p{N}{5,}$/u;
const UNSAYABLE = /[bcdfghjklmnpqrstvwxz]{5,}/;

function isDrawn(name: string): boolean {
  return !NUMBERED.test(name) && (/\p{N}/u.test(name) || UNSAYABLE.test(name));
}
