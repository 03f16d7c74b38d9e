import { assert } from '../../base/assert.ts';
import { breathe } from '../../base/breathe.ts';
import type { Reader } from '../../storage/sql/storage.ts';
import { fieldCode } from '../evidence/fields.ts';
import type { StoredAccount, StoredLink } from './keeping.ts';
import { unpackEvidence } from './pack.ts';
import { give, type LinkageParts } from './parts.ts';
import { type NetworkMark, readAccounts, readLinks, readNetworkMarks, readTemplates } from './store.ts';
import { TEMPLATES_MAX } from './templates.ts';

/**
 * Reads everything that is known into memory, a page at a time, and lets others have their turn after each. False when it
 * was told to stop before the end.
 */
export async function restore(
  parts: LinkageParts,
  marks: Map<string, NetworkMark>,
  { reader, isStopped }: { readonly reader: Reader; readonly isStopped: () => boolean },
): Promise<boolean> {
  // Whoever starts the service opens its listeners first.
  await breathe();
  for await (const page of readAccounts(reader)) {
    for (const account of page) restoreAccount(account, parts);
    await breathe();
    if (isStopped()) return false;
  }
  for await (const page of readLinks(reader)) {
    for (const link of page) restoreLink(link, parts);
    await breathe();
    if (isStopped()) return false;
  }
  for (const { name, sketch } of await readTemplates(reader, TEMPLATES_MAX)) parts.templates.restore(name, sketch);
  for (const mark of await readNetworkMarks(reader)) {
    marks.set(mark.prefix, mark);
    parts.egress.mark(parts.values.place(prefixValue(mark.prefix, parts)), mark.shared);
  }
  return true;
}

function prefixValue(prefix: string, { evidence }: LinkageParts) {
  return { field: fieldCode('prefix'), ...evidence.digestOf('prefix', prefix) };
}

function restoreAccount({ number, accountId, atMs, traits, evidence }: StoredAccount, parts: LinkageParts): void {
  const account = parts.accounts.add(accountId, atMs, traits);
  assert(account === number, 'accounts are numbered without gaps');
  parts.components.add(account);
  unpackEvidence(evidence, (value, day) => give(parts, account, value, day));
}

function restoreLink(link: StoredLink, { edges, components }: LinkageParts): void {
  const edge = edges.put(link);
  assert(edge === link.number, 'links are numbered without gaps');
  if (link.fell !== null) edges.fell(edge, link.fell);
  else if (link.strength === 'hard') components.merge(link.a, link.b);
}
