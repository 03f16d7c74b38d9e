import type { z } from 'zod';
import { ok, refuse, type Result } from '../../base/result.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { SsoLookup } from '../../people/index.ts';
import { seal, unseal } from '../../storage/seal.ts';
import type { ssoBody } from '../contract.ts';
import type { WorkspaceParts } from '../deps.ts';
import { domainOf, readDomainOwner, readDomains } from '../domains/store.ts';
import type { WorkspaceRefusal } from '../refusal.ts';
import { deleteSso, putSso, readSso, requireVerifiedDomain, type SsoSettings } from './store.ts';

export interface Sso {
  readonly lookup: SsoLookup;
  read(accountId: string): Promise<SsoSettings | null>;
  save(accountId: string, body: z.output<typeof ssoBody>): Promise<Result<SsoSettings, WorkspaceRefusal>>;
  remove(accountId: string): Promise<void>;
}

export interface SsoDeps extends Pick<WorkspaceParts, 'storage' | 'clock' | 'random' | 'belongings'> {
  /** 32 bytes that seal the secrets of clients. */
  readonly sealingKey: Uint8Array;
  /** What may be asked at all is judged where it is saved, and again where it is asked. */
  readonly outbound: Pick<Outbound, 'check'>;
  /** Ends sessions of people of these domains who came another way, once they must come by single sign-on. */
  enforceSso(domains: readonly string[]): Promise<unknown>;
}

export function createSso(deps: SsoDeps): Sso {
  const { storage, clock, random, belongings, sealingKey, outbound } = deps;
  const { reader, writer } = storage;

  async function save(
    accountId: string,
    body: z.output<typeof ssoBody>,
  ): Promise<Result<SsoSettings, WorkspaceRefusal>> {
    const allowed = outbound.check(body.issuer);
    if (!allowed.ok) return refuse({ reason: 'invalid_field', message: `issuer: ${allowed.refusal.message}` });
    const before = await readSso(reader, accountId);
    // A secret that was kept for one provider is never sent to another.
    const kept = before?.issuer === body.issuer && before.clientId === body.client_id ? before.secret : null;
    const secret =
      body.client_secret === undefined
        ? kept
        : seal(new TextEncoder().encode(body.client_secret), sealingKey, boundTo(accountId), random);
    if (secret === null) return refuse(SECRET_NEEDED);
    const settings: SsoSettings = {
      accountId,
      issuer: body.issuer,
      clientId: body.client_id,
      secret,
      required: body.required,
      joinRole: body.join_role,
      changedAtMs: clock.wallMs(),
    };
    const guards = body.required ? [requireVerifiedDomain(accountId)] : [];
    const written = await writer.write([...guards, putSso(settings)]);
    if (!written.ok) return refuse(DOMAIN_NEEDED);
    if (settings.required) await deps.enforceSso(await verifiedDomains(accountId));
    return ok(settings);
  }

  async function verifiedDomains(accountId: string): Promise<string[]> {
    const domains = await readDomains(reader, accountId);
    return domains.flatMap(({ domain, verifiedAtMs }) => (verifiedAtMs === null ? [] : [domain]));
  }

  async function ofDomain(domain: string): ReturnType<SsoLookup['ofDomain']> {
    const accountId = await readDomainOwner(reader, domain.toLowerCase());
    const settings = accountId === null ? null : await readSso(reader, accountId);
    if (settings === null) return null;
    const { issuer, clientId, required } = settings;
    const plain = unseal(settings.secret, sealingKey, boundTo(settings.accountId));
    if (plain === null) throw new Error('a secret of single sign-on does not open; restore its key from a backup');
    return { accountId: settings.accountId, issuer, clientId, clientSecret: new TextDecoder().decode(plain), required };
  }

  /** Never of an owner of that workspace, so that a broken provider locks nobody out. */
  async function isRequired({ id, email }: { id: string | null; email: string }): Promise<boolean> {
    const accountId = await readDomainOwner(reader, domainOf(email));
    if (accountId === null || (await readSso(reader, accountId))?.required !== true) return false;
    return id === null || (await belongings.of(id, accountId))?.role !== 'owner';
  }

  return {
    lookup: {
      ofDomain,
      isRequired,
      speaksFor: async (accountId, email) => (await readDomainOwner(reader, domainOf(email))) === accountId,
    },
    read: (accountId) => readSso(reader, accountId),
    save,
    remove: async (accountId) => void (await writer.write([deleteSso(accountId)])),
  };
}

const boundTo = (accountId: string) => `sso:${accountId}`;

const SECRET_NEEDED: WorkspaceRefusal = {
  reason: 'secret_needed',
  message: 'client_secret: must be given; the one that is kept belongs to another provider or client, or there is none',
};
const DOMAIN_NEEDED: WorkspaceRefusal = {
  reason: 'domain_needed',
  message: 'required: show first that a mail domain is yours; only people with an address of it can be asked for it',
};
