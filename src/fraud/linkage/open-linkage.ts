import { assert } from '../../base/assert.ts';
import { breathe } from '../../base/breathe.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { loadSecretFile } from '../../storage/secret-file.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { fieldCode } from '../evidence/fields.ts';
import type { NetworkLookup } from '../evidence/network-lookup.ts';
import { linkageOf, type StaffedLinkage } from './create-linkage.ts';
import type { Keeping, StoredAccount, StoredLink } from './keeping.ts';
import { unpackEvidence } from './pack.ts';
import { createParts, give, type LinkageParts } from './parts.ts';
import {
  type NetworkMark,
  putAccount,
  putFall,
  putLink,
  putTemplate,
  readAccounts,
  readLinks,
  readNetworkMarks,
  readTemplates,
} from './store.ts';
import { TEMPLATES_MAX } from './templates.ts';

export interface OpenLinkageDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly lookUp: NetworkLookup;
  /** Hears of what could not be kept: it holds until the service stops. */
  readonly onFault: (what: string, error: unknown) => void;
}

/** Linkage over a data folder. */
export interface OpenedLinkage {
  readonly linkage: StaffedLinkage;
  /** What the staff said of networks. */
  readonly marks: Map<string, NetworkMark>;
  /** Resolves once everything it was told is durable. */
  settled(): Promise<void>;
}

const SECRET_FILE = 'evidence-secret';

/** Reads everything that is known into memory. */
export async function openLinkage(deps: OpenLinkageDeps): Promise<OpenedLinkage> {
  const { storage, clock, random, lookUp } = deps;
  const secret = loadSecretFile(storage.dataDir, SECRET_FILE, random);
  const { keeping, settled } = createKeeping(deps);
  const parts = createParts({ secret, nowMs: clock.wallMs, lookUp, keeping });
  for await (const page of readAccounts(storage.reader)) {
    for (const account of page) restoreAccount(account, parts);
    await breathe();
  }
  for await (const page of readLinks(storage.reader)) {
    for (const link of page) restoreLink(link, parts);
    await breathe();
  }
  for (const { name, sketch } of await readTemplates(storage.reader, TEMPLATES_MAX)) {
    parts.templates.restore(name, sketch);
  }
  const marks = new Map((await readNetworkMarks(storage.reader)).map((mark) => [mark.prefix, mark]));
  for (const { prefix, shared } of marks.values()) {
    parts.egress.mark(parts.values.place(prefixValue(prefix, parts)), shared);
  }
  return { linkage: linkageOf(parts, { nowMs: clock.wallMs }), marks, settled };
}

function prefixValue(prefix: string, { evidence }: LinkageParts) {
  return { field: fieldCode('prefix'), ...evidence.digestOf('prefix', prefix) };
}

function restoreAccount({ number, accountId, atMs, traits, evidence }: StoredAccount, parts: LinkageParts): void {
  const account = parts.accounts.add(accountId, atMs, traits);
  assert(account === number, 'accounts are numbered without gaps');
  parts.components.add(account);
  for (const seen of unpackEvidence(evidence)) give(parts, account, seen);
}

function restoreLink(link: StoredLink, { edges, components }: LinkageParts): void {
  const edge = edges.put(link);
  assert(edge === link.number, 'links are numbered without gaps');
  if (link.fell !== null) edges.fell(edge, link.fell);
  else if (link.strength === 'hard') components.merge(link.a, link.b);
}

/** Gives everything to the writer in the order it happened. */
function createKeeping({ storage, onFault }: OpenLinkageDeps): { keeping: Keeping; settled: () => Promise<void> } {
  let last: Promise<unknown> = Promise.resolve();
  const write = (statements: WriteStatement[]) => {
    last = storage.writer
      .write(statements)
      .then((outcome) => assert(outcome.ok, 'what linkage knows can always be kept'))
      .catch((error: unknown) => onFault('keep evidence of a sign-up', error));
  };
  return {
    keeping: {
      account: (account) => write(putAccount(account)),
      link: (link) => write(putLink(link)),
      fell: (number, fall) => write(putFall(number, fall)),
      template: (template, atMs) => write(putTemplate(template, atMs)),
    },
    settled: async () => {
      await last;
    },
  };
}
