import { Reader } from 'mmdb-lib';

/** What a local database says of an address. */
export interface NetworkFacts {
  readonly asn: number | null;
  readonly organisation: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

export type NetworkLookup = (address: string) => NetworkFacts;

const NOTHING: NetworkFacts = { asn: null, organisation: null, country: null };

/** Knows nothing: no database is configured. */
export const noNetworkLookup: NetworkLookup = () => NOTHING;

/** By files in MaxMind's format, as GeoLite2 ASN and Country, DB-IP Lite and IPinfo Lite have it. `files`: their bytes. */
export function createNetworkLookup(files: readonly Uint8Array[]): NetworkLookup {
  const readers = files.map((file) => new Reader(Buffer.from(file)));
  return function lookUp(address) {
    let found = NOTHING;
    for (const reader of readers) found = withMore(found, reader.get(address));
    return found;
  };
}

/** The makers of databases name the same things differently. */
function withMore(found: NetworkFacts, record: unknown): NetworkFacts {
  if (typeof record !== 'object' || record === null) return found;
  const fields = record as Readonly<Record<string, unknown>>;
  const country = fields['country'];
  return {
    asn: found.asn ?? asNumber(fields['autonomous_system_number'] ?? fields['asn']),
    organisation: found.organisation ?? asText(fields['autonomous_system_organization'] ?? fields['as_name']),
    country:
      found.country ??
      asText(fields['country_code']) ??
      asText(typeof country === 'object' && country !== null ? Object(country)['iso_code'] : country),
  };
}

function asNumber(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value.replace(/^AS/i, '')) : value;
  return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
