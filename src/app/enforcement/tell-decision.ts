import { assert } from '../../base/assert.ts';
import type { Attempts } from '../../credentials/attempts.ts';
import type { Decision } from '../../enforcement/index.ts';
import type { MailText } from '../../mail/send-mail.ts';
import type { People, PersonCard } from '../../people/index.ts';
import type { Workspaces } from '../../workspaces/index.ts';

export interface TellDeps {
  readonly people: Pick<People, 'person' | 'sendMail'>;
  readonly members: Pick<Workspaces['members'], 'page'>;
  /** What mails call the service. */
  readonly service: string;
  readonly contestUrl: (decisionId: string) => string;
  /** Counts mails of warnings. */
  readonly attempts: Pick<Attempts, 'take' | 'forgive'>;
}

/** Warnings of parts of one account that are told by mail in a day; the others stand in the portal. */
const WARNINGS_PER_DAY_MAX = 5;
const DAY_MS = 86_400_000;

/** Members looked through at a time. */
const PAGE = 200;
/** Who answers for a workspace. */
const TOLD_ROLES: ReadonlySet<string> = new Set(['owner', 'admin']);

/**
 * Brings a decision by mail to the person whose account it is, or to whoever answers for a workspace. A mere notice was
 * told in the refusal itself, and whoever asks under many names fills nobody's mailbox with warnings. Rejects when a mail
 * was not taken, so that it is tried again.
 */
export function tellDecisions(deps: TellDeps): (decision: Decision) => Promise<void> {
  return async function tell(decision) {
    if (decision.step === 'notice') return;
    const counted = countedAs(decision);
    const limit = { key: counted ?? '', max: WARNINGS_PER_DAY_MAX, windowMs: DAY_MS };
    if (counted !== null && deps.attempts.take([limit]) !== null) return;
    try {
      await mail(decision, deps);
    } catch (error) {
      // What nobody got filled no mailbox.
      if (counted !== null) deps.attempts.forgive(counted);
      throw error;
    }
  };
}

async function mail(decision: Decision, deps: TellDeps): Promise<void> {
  for (const person of await toldOf(decision.accountId, deps)) {
    const sent = await deps.people.sendMail(
      `${decision.id}.${person.id}`,
      [person.email],
      mailOf(decision, person, deps),
    );
    if (!sent.ok) throw new Error(sent.refusal);
  }
}

/** Null where it is told however many there are. */
function countedAs({ kind, step, unit, accountId }: Decision): string | null {
  const isOfPart = unit.kind !== 'account' && unit.kind !== 'operator';
  return kind === 'sanction' && step === 'warning' && isOfPart ? `warnings of ${accountId}` : null;
}

async function toldOf(accountId: string, { people, members }: TellDeps): Promise<readonly PersonCard[]> {
  const owner = await people.person(accountId);
  if (owner !== null) return [owner];
  const told: PersonCard[] = [];
  for (let after: string | null = null; ; ) {
    const page = await members.page(accountId, { search: null, present: true, after, limit: PAGE });
    for (const { personId, role } of page) {
      const person = personId !== null && TOLD_ROLES.has(role) ? await people.person(personId) : null;
      if (person !== null) told.push(person);
    }
    if (page.length < PAGE) return told;
    after = page.at(-1)?.id ?? null;
    assert(after !== null, 'a full page has a last member');
  }
}

function mailOf(decision: Decision, { locale }: PersonCard, { service, contestUrl }: TellDeps): MailText {
  const { notice, redress, facts, id } = decision;
  const canContest = facts !== null;
  const subject = { en: `About your account at ${service}`, zh: `关于你在 ${service} 的账户` }[locale];
  const reference = { en: `Reference: ${id}`, zh: `编号：${id}` }[locale];
  const link = { en: `Read and contest it: ${contestUrl(id)}`, zh: `查看并提出异议：${contestUrl(id)}` }[locale];
  const parts = [notice[locale], redress[locale], ...(canContest ? [link] : []), reference];
  return { subject, body: `${parts.join('\n\n')}\n` };
}
