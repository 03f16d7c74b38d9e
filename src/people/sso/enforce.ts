import { sql } from 'kysely';
import type { PersonTables } from '../person-store.ts';
import { endOtherSessionsThan } from '../session-store.ts';
import type { SsoDeps } from './sso.ts';

type Tables = PersonTables & { person_session: { person_id: string; method: string } };

const PERSONS_PER_UNIT = 200;

/**
 * Ends the sessions that were begun another way by people of these mail domains who must come in by single sign-on.
 * Reads every session once; it is asked when a workspace begins to require it.
 */
export async function endOtherSessions(
  { reader, sessions, lookup }: Pick<SsoDeps, 'reader' | 'sessions' | 'lookup'>,
  domains: readonly string[],
): Promise<number> {
  if (domains.length === 0) return 0;
  const rows = await reader
    .withTables<Tables>()
    .selectFrom('person_session as session')
    .innerJoin('person', 'person.id', 'session.person_id')
    .select(['person.id', 'person.email_key'])
    .distinct()
    .where('session.method', '!=', 'sso')
    .where(sql<string>`substr(person.email_key, instr(person.email_key, '@') + 1)`, 'in', [...domains])
    .execute();
  const asked = await Promise.all(
    rows.map(async ({ id, email_key: email }) => email !== null && (await lookup.isRequired({ id, email })) && id),
  );
  const ids = asked.filter((id) => id !== false);
  let ended = 0;
  for (let at = 0; at < ids.length; at += PERSONS_PER_UNIT) {
    const unit = ids.slice(at, at + PERSONS_PER_UNIT).map((id) => endOtherSessionsThan(id, 'sso'));
    ended += (await sessions.commit(unit)).ended;
  }
  return ended;
}
