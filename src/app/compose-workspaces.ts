import { resolveTxt } from 'node:dns/promises';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { isSharedMail } from '../fraud/index.ts';
import type { OwnPermission } from '../http/contract.ts';
import type { Outbound } from '../http/outbound.ts';
import type { People } from '../people/index.ts';
import type { Belonging as PortalBelonging } from '../portal/index.ts';
import {
  createWorkspaces,
  permissionsOf,
  type Person,
  type Workspaces,
  type WorkspacesDeps,
} from '../workspaces/index.ts';
import type { composeServing } from './compose-serving.ts';
import { hearDomains } from './follow-people.ts';

export interface ComposeWorkspacesOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly random: Random;
  readonly serving: Awaited<ReturnType<typeof composeServing>>;
  readonly people: Pick<People, 'person' | 'sendMail'>;
  readonly outbound: Outbound;
  readonly enforceSso: WorkspacesDeps['enforceSso'];
}

/** Accounts that people share. */
export async function composeWorkspaces(options: ComposeWorkspacesOptions): Promise<Workspaces> {
  const { config, serving, people } = options;
  const { storage, mintId, money, standing, models, telemetry } = serving;
  const workspaces: Workspaces = await createWorkspaces({
    ...options,
    storage,
    mintId,
    accounts: money.accounts,
    standing,
    people: { find: (personId) => findPerson(people, personId) },
    sendMail: people.sendMail,
    resolveTxt,
    isSharedMail,
    portalUrl: (config.portal.publicUrl ?? `http://localhost:${config.server.port}`).replace(/\/$/, ''),
    modelTable: models,
    models: Object.keys(config.models),
    onFault: (error) => telemetry.fault('answer a directory', error),
    domainVerified: hearDomains(serving.fraud, serving.vested.vesting, (accountId) => peopleOf(workspaces, accountId)),
  });
  return workspaces;
}

/** Members who have signed in, and their mail addresses. */
async function* peopleOf({ members }: Workspaces, accountId: string) {
  for (let after: string | null = null; ; ) {
    const page = await members.page(accountId, { search: null, present: true, after, limit: PAGE });
    for (const { personId, email } of page) if (personId !== null && email !== null) yield { personId, email };
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? null;
  }
}

async function findPerson(people: Pick<People, 'person'>, personId: string): Promise<Person | null> {
  const person = await people.person(personId);
  return person === null ? null : { id: person.id, email: person.email.toLowerCase(), name: person.name };
}

/** Members looked through at a time. */
const PAGE = 500;

/** What the portal asks of accounts and whoever belongs to them, answered by the workspaces. */
export function portalBelonging({ belongings, members, apps, allowedModels }: Workspaces): PortalBelonging {
  return {
    async of(accountId, personId) {
      const belonging = await belongings.of(personId, accountId);
      if (belonging === null) return null;
      const allowed: ReadonlySet<OwnPermission> = new Set(permissionsOf(belonging.role));
      const { role, member } = belonging;
      return { role, member: member?.id ?? null, may: (permission) => allowed.has(permission) };
    },
    async members(accountId) {
      const found = [];
      let after: string | null = null;
      for (;;) {
        const page = await members.page(accountId, { search: null, present: true, after, limit: PAGE });
        found.push(...page.map(({ id, name, role }) => ({ member: id, name, role })));
        after = page.at(-1)?.id ?? null;
        if (page.length < PAGE) return found;
      }
    },
    async member(accountId, memberId) {
      const found = await members.find(accountId, memberId);
      return found === null || found.leftAtMs !== null
        ? null
        : { member: found.id, name: found.name, role: found.role };
    },
    memberNames: (accountId, ids) => members.names(accountId, ids),
    async apps(accountId) {
      const declared = await apps.list(accountId);
      return declared.map(({ id, name, archivedAtMs }) => ({ app: id, name, archived: archivedAtMs !== null }));
    },
    modelsFor: (accountId, { app, member }) => allowedModels({ accountId, app, member, models: null }),
  };
}
