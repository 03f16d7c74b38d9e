/** Headers of every answer of a site: nothing of it may be framed, sniffed, or told to others. */
const COMMON: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), ' +
    'microphone=(), midi=(), payment=(), serial=(), usb=()',
};

/** Whatever is no page of ours may load nothing. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** For the page: scripts and styles of ours, and inline ones that carry the nonce of this one answer. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ');
}

/** Puts the headers on in place, so that an answer that is a stream stays the one it is. */
export function secured(answer: Response): Response {
  for (const [name, value] of Object.entries(COMMON)) answer.headers.set(name, value);
  if (!answer.headers.has('content-security-policy')) answer.headers.set('content-security-policy', NOTHING);
  return answer;
}
