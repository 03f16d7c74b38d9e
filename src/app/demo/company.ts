import { z } from 'zod';
import type { App } from '../compose.ts';
import { COMPANY, type Newcomer } from './newcomers.ts';
import { type AskControl, usd } from './setup.ts';
import { latestMail, type Visit } from './visit.ts';

/** A workspace of people who work together. */
export interface Company {
  /** Takes part in what somebody does after signing up; gives the account they make keys in, null for their own. */
  arrived(who: Newcomer, visit: Visit): Promise<string | null>;
  /** One of them is stopped by the founder. */
  stopOne(): Promise<void>;
  /** The founder reports what somebody wrote through one of their apps. */
  report(requestId: string, text: string): Promise<void>;
}

const found = z.object({ id: z.string() });
const members = z.object({ data: z.array(z.object({ id: z.string() })) });

export function createCompany({ app, ask }: { app: Pick<App, 'publicFetch'>; ask: AskControl }): Company {
  let founded: { readonly path: string; readonly founder: Visit } | null = null;

  async function foundBy(visit: Visit): Promise<string> {
    const { id } = found.parse(await visit.ask('POST', '/portal/v1/workspaces', { name: COMPANY.name }));
    const path = `/portal/v1/accounts/${id}`;
    founded = { path, founder: visit };
    await visit.ask('POST', `${path}/apps`, { id: COMPANY.app, name: 'Tender drafts' });
    await ask('/control/v1/payments/record', { account_id: id, credit_nano: usd(200), reference: 'demo-company' });
    return id;
  }

  async function accept({ email }: Newcomer, visit: Visit): Promise<void> {
    if (founded === null) return;
    const role = email.startsWith('joan') ? 'admin' : 'developer';
    await founded.founder.ask('POST', `${founded.path}/invitations`, { email, role });
    const token = /\/join#(\S+)/.exec(await latestMail(app, email))?.[1];
    await visit.ask('POST', '/portal/v1/invitations/accept', { token });
  }

  return {
    async arrived(who, visit) {
      if (who.role === 'founder') return foundBy(visit);
      if (who.role === 'colleague') await accept(who, visit);
      return null;
    },
    async report(requestId, text) {
      if (founded === null) return;
      const { path, founder } = founded;
      await founder.ask('POST', `${path}/reports`, { request_id: requestId, category: 'violence_or_threats', text });
    },
    async stopOne() {
      if (founded === null) return;
      const { path, founder } = founded;
      const { data } = members.parse(await founder.ask('GET', `${path}/members?q=sven`));
      for (const { id } of data) {
        await founder.ask('POST', `${path}/members/${id}/stop`, { reason: 'Left the company.' });
      }
    },
  };
}
