import { isoOrNull, toIso } from '../base/calendar.ts';
import type { Storage } from '../storage/sql/storage.ts';
import { eraseIdentitiesOf, readIdentitiesOf } from './oauth/store.ts';
import { erasePasskeysOf, readPasskeysOf } from './passkeys/store.ts';
import { erasePhoneOf, readPhone } from './phone/store.ts';
import type { Eraser, Exporter } from './seams.ts';

/** What is kept of the other ways to be sure of a person, for the file they take away, and to be taken away with them. */
export function createWayRecords({ reader, writer }: Pick<Storage, 'reader' | 'writer'>): Exporter & Eraser {
  return {
    name: 'ways_in',
    async export(personId) {
      const [passkeys, services, phone] = await Promise.all([
        readPasskeysOf(reader, personId),
        readIdentitiesOf(reader, personId),
        readPhone(reader, personId),
      ]);
      return {
        passkeys: passkeys.map(({ id, name, credentialId, createdAtMs, lastUsedAtMs }) => ({
          id,
          name,
          credential_id: credentialId,
          created_at: toIso(createdAtMs),
          last_used_at: isoOrNull(lastUsedAtMs),
        })),
        services: services.map(({ id, scope, subject, email, createdAtMs, lastUsedAtMs }) => ({
          id,
          service: scope,
          subject,
          email,
          created_at: toIso(createdAtMs),
          last_used_at: isoOrNull(lastUsedAtMs),
        })),
        phone: phone && { ending: phone.ending, proved_at: toIso(phone.provedAtMs) },
      };
    },
    async erase(personId) {
      await writer.write([erasePasskeysOf(personId), eraseIdentitiesOf(personId), ...erasePhoneOf(personId)]);
    },
  };
}
