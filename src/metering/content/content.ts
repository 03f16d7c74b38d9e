import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { Random } from '../../base/random.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { BugError } from '../../base/assert.ts';
import { seal, unseal } from '../../storage/seal.ts';
import { loadSecretFile, secretFileExists } from '../../storage/secret-file.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import { createContentKeys } from './content-keys.ts';
import {
  type Access,
  emptyExpired,
  emptyAccount,
  eraseKey,
  hasKeys,
  insertAccess,
  insertCaptured,
  readAccesses,
  readCaptured,
  removeEmptied,
  SWEEP_ROWS_MAX,
} from './store.ts';

/** What a product keeps of its requests. */
export interface CaptureTerms {
  readonly retentionDays: number;
  /** Of the prompt and of the reply, each. */
  readonly bytesMax: number;
}

export interface Exchange {
  readonly requestId: string;
  readonly accountId: string;
  /** The body of the request, as it was sent. */
  readonly prompt: string;
  readonly reply: string;
  /** Something of it is missing already. */
  readonly truncated: boolean;
}

export interface Reading {
  readonly requestId: string;
  readonly actor: string;
  readonly actorName: string;
  readonly reason: string;
}

export interface Content {
  readonly prompt: string;
  readonly reply: string;
  readonly truncated: boolean;
  readonly capturedAtMs: number;
  readonly expiresAtMs: number;
}

export type ContentState = 'not_captured' | 'captured' | 'expired';
/** `unreadable`: it is there, but was changed, or the root key is not the one it was kept under. */
export type ReadRefusal = Exclude<ContentState, 'captured'> | 'unreadable';

/**
 * Prompts and replies of products that opted in, sealed for each account. Nobody reads one without a reason that is on
 * record before the first word of it is shown.
 */
export interface CapturedContent {
  /** Resolves once it is durable; rejects with `StorageFault`. */
  keep(exchange: Exchange, terms: CaptureTerms): Promise<void>;
  stateOf(requestId: string): Promise<ContentState>;
  read(reading: Reading): Promise<Result<Content, ReadRefusal>>;
  accesses(page: { readonly after: string | null; readonly limit: number }): Promise<readonly Access[]>;
  /** The same of one account. */
  accessesOf(
    accountId: string,
    page: { readonly after: string | null; readonly limit: number },
  ): Promise<readonly Access[]>;
  /** Destroys the key of an account and all that it sealed. */
  erase(accountId: string): Promise<void>;
  /** Takes away what is past its time. */
  sweep(): Promise<void>;
}

const ROOT_KEY_FILE = 'content-key';
const DAY_MS = 86_400_000;
/** How long it stays known that an expired exchange had been captured. */
const REMEMBERED_DAYS = 400;

export interface ContentDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer' | 'dataDir'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  /** The file of the root key is gone although it wrapped keys: what they sealed opens only with that file. */
  readonly onKeyLost: () => void;
}

export function createContent({ storage, clock, random, mintId, onKeyLost }: ContentDeps): CapturedContent {
  const { reader, writer } = storage;
  const isNewFile = !secretFileExists(storage.dataDir, ROOT_KEY_FILE);
  const keys = createContentKeys({
    reader,
    clock,
    random,
    rootKey: loadSecretFile(storage.dataDir, ROOT_KEY_FILE, random),
  });

  if (isNewFile) void hasKeys(reader).then((wrapped) => wrapped && onKeyLost());

  async function sweepWith(statement: Parameters<typeof writer.write>[0][number]): Promise<void> {
    for (;;) {
      const outcome = await writer.write([statement]);
      if (!outcome.ok || (outcome.value[0]?.changes ?? 0) < SWEEP_ROWS_MAX) return;
    }
  }
  return {
    async keep(exchange, terms) {
      const { requestId, accountId } = exchange;
      const capturedAtMs = clock.wallMs();
      const { key, statements, stored } = await keys.forWriting(accountId);
      const plain = Buffer.from(JSON.stringify(cutTo(exchange, terms.bytesMax)));
      const sealed = seal(plain, key, boundTo(accountId, requestId), random);
      const expiresAtMs = capturedAtMs + terms.retentionDays * DAY_MS;
      const row = insertCaptured(requestId, { accountId, capturedAtMs, expiresAtMs, sealed });
      const outcome = await writer.write([...statements, row]);
      if (!outcome.ok) throw new BugError(`the content of ${requestId} was captured twice`);
      stored();
    },
    async stateOf(requestId) {
      const row = await readCaptured(reader, requestId);
      if (row === null) return 'not_captured';
      return row.sealed === null || row.expiresAtMs <= clock.wallMs() ? 'expired' : 'captured';
    },
    async read({ requestId, actor, actorName, reason }) {
      const row = await readCaptured(reader, requestId);
      if (row === null) return refuse('not_captured');
      if (row.sealed === null || row.expiresAtMs <= clock.wallMs()) return refuse('expired');
      const key = await keys.forReading(row.accountId);
      if (key === null) return refuse('expired');
      const plain = key === 'sealed' ? null : unseal(row.sealed, key, boundTo(row.accountId, requestId));
      if (plain === null) return refuse('unreadable');
      const atMs = clock.wallMs();
      const { accountId } = row;
      const access = { id: mintId('cax'), atMs, requestId, accountId, actor, actorName, reason };
      const noted = await writer.write([insertAccess(access)]);
      if (!noted.ok) throw new BugError('an access with a new id was refused');
      const kept = JSON.parse(Buffer.from(plain).toString('utf8')) as Kept;
      return ok({ ...kept, capturedAtMs: row.capturedAtMs, expiresAtMs: row.expiresAtMs });
    },
    accesses: (page) => readAccesses(reader, null, page),
    accessesOf: (accountId, page) => readAccesses(reader, accountId, page),
    async erase(accountId) {
      await writer.write([eraseKey(accountId)]);
      keys.forget(accountId);
      await sweepWith(emptyAccount(accountId));
    },
    async sweep() {
      const now = clock.wallMs();
      await sweepWith(emptyExpired(now));
      await sweepWith(removeEmptied(now - REMEMBERED_DAYS * DAY_MS));
    },
  };
}

interface Kept {
  readonly prompt: string;
  readonly reply: string;
  readonly truncated: boolean;
}

/** A row that was moved to another request or account does not open there. */
function boundTo(accountId: string, requestId: string): string {
  return `${accountId} ${requestId}`;
}

function cutTo({ prompt, reply, truncated }: Exchange, bytesMax: number): Kept {
  const kept = { prompt: cutText(prompt, bytesMax), reply: cutText(reply, bytesMax) };
  return { ...kept, truncated: truncated || kept.prompt.length < prompt.length || kept.reply.length < reply.length };
}

/** At most `bytesMax` bytes of UTF-8, ending between two characters. */
function cutText(text: string, bytesMax: number): string {
  if (Buffer.byteLength(text) <= bytesMax) return text;
  const cut = Buffer.from(text).subarray(0, bytesMax).toString('utf8');
  return cut.replace(/\uFFFD$/, '');
}
