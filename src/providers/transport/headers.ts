interface KeyedConfig {
  readonly apiKey: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers of every call to one upstream. The operator's own may add or replace, but never ask for compression. */
export function jsonHeaders(config: KeyedConfig, credential: Readonly<Record<string, string>>): Record<string, string> {
  const out: Record<string, string> = { 'content-type': 'application/json', ...credential };
  for (const [name, value] of Object.entries(config.headers)) out[name.toLowerCase()] = value;
  out['accept-encoding'] = 'identity';
  return out;
}

/** Shorter header values are words, not credentials. */
const SECRET_LENGTH_MIN = 8;

/** What must never be quoted back to a caller: the key, and whatever else was configured to be sent. */
export function secretsOf(config: KeyedConfig): string[] {
  const values = [config.apiKey ?? '', ...Object.values(config.headers)];
  return values.filter((value) => value.length >= SECRET_LENGTH_MIN);
}
