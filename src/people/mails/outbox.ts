import type { Clock } from '../../base/clock.ts';
import type { MintId } from '../../base/ids.ts';
import type { MailText, SendMail } from '../../mail/send-mail.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import { OUTBOX_MAX } from '../contract.ts';
import type { Seal } from '../seal.ts';
import {
  type DueMail,
  deleteOldMails,
  finishMail,
  insertMail,
  keepLatest,
  postponeMail,
  readDueMails,
  readKeptMails,
} from './outbox-store.ts';

/** A mail on its way, its link told apart for whoever develops. */
export interface OutgoingMail {
  readonly to: string;
  readonly text: MailText;
  readonly link: string | null;
}

export interface KeptMail extends OutgoingMail {
  readonly id: string;
  readonly atMs: number;
}

/** Mails wait in the store, so that none is lost and no request waits for a mail server. */
export interface Outbox {
  /** To be written in one unit with what the mail is about; then `poke`. */
  put(mail: OutgoingMail): WriteStatement;
  /** As `put`, of a mail that nobody gets: whether an address is known takes the same work. */
  pretend(mail: OutgoingMail): WriteStatement;
  /** Sends soon; nobody waits for it. */
  poke(): void;
  /** Sends what is due, and forgets what is done with. */
  deliver(): Promise<void>;
  /** What is kept where no server sends, the newest first. */
  kept(): Promise<KeptMail[]>;
}

export interface OutboxDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly mintId: MintId;
  readonly seal: Seal;
  /** What people know the service as: each mail ends with it. */
  readonly serviceName: string;
  /** Null keeps mails to be looked at, for development. */
  readonly send: SendMail | null;
  onFault(where: string, error: unknown): void;
}

/** Before each further try; after the last one the mail is given up. */
const WAITS_MS = [10_000, 60_000, 300_000, 1_800_000, 7_200_000, 21_600_000];
const DUE_MAX = 50;
/** Sent at the same time. */
const AT_ONCE_MAX = 5;
/** Rows of mails, without content, are forgotten after a day. */
const REMEMBERED_MS = 86_400_000;

export function createOutbox(deps: OutboxDeps): Outbox {
  const { storage, clock, mintId, seal, serviceName, send } = deps;
  const run = oneAtATime(() => deliver(deps));

  function put(unsigned: OutgoingMail, state: 'waiting' | 'void' | 'kept'): WriteStatement {
    const id = mintId('mail');
    const mail = signed(unsigned, serviceName);
    const nowMs = clock.wallMs();
    return insertMail({ id, state, sealed: seal.close(mail, id), nextAtMs: nowMs, createdAtMs: nowMs });
  }

  return {
    put: (mail) => put(mail, send === null ? 'kept' : 'waiting'),
    pretend: (mail) => put(mail, 'void'),
    poke() {
      run().catch((error: unknown) => deps.onFault('send mails to people', error));
    },
    deliver: run,
    async kept() {
      const rows = await readKeptMails(storage.reader, OUTBOX_MAX);
      return rows.flatMap(({ id, sealed, createdAtMs }) => {
        const mail = seal.open(sealed, id) as OutgoingMail | null;
        return mail === null ? [] : [{ ...mail, id, atMs: createdAtMs }];
      });
    },
  };
}

/** Whoever gets a mail can tell which service it is from; `-- ` is what mail programs know a signature by. */
function signed(mail: OutgoingMail, serviceName: string): OutgoingMail {
  return { ...mail, text: { ...mail.text, body: `${mail.text.body}\n-- \n${serviceName}\n` } };
}

/** Two at once would send a mail twice. Whoever asks meanwhile gets another run after this one. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let again = false;
  async function all(): Promise<void> {
    do {
      again = false;
      await work();
    } while (again);
  }
  return function run() {
    again = running !== null;
    running ??= all().finally(() => {
      running = null;
    });
    return running;
  };
}

async function deliver({ storage, clock, seal, send, onFault }: OutboxDeps): Promise<void> {
  if (send === null) {
    await storage.writer.write([deleteOldMails(clock.wallMs()), keepLatest(OUTBOX_MAX)]);
    return;
  }

  async function deliverOne(row: DueMail, by: SendMail): Promise<void> {
    const mail = row.state === 'void' ? null : (seal.open(row.sealed, row.id) as OutgoingMail | null);
    if (mail === null) {
      await storage.writer.write([finishMail(row.id, row.state === 'void' ? 'sent' : 'given_up')]);
      return;
    }
    const sent = await by(row.id, [mail.to], mail.text);
    const waitMs = WAITS_MS[row.tries];
    const done = sent.ok ? finishMail(row.id, 'sent') : waitMs === undefined ? finishMail(row.id, 'given_up') : null;
    await storage.writer.write([done ?? postponeMail(row.id, clock.wallMs() + (waitMs ?? 0))]);
    if (!sent.ok) onFault('send a mail to a person', new Error(sent.refusal));
  }

  let due: DueMail[];
  do {
    due = await readDueMails(storage.reader, clock.wallMs(), DUE_MAX);
    for (let at = 0; at < due.length; at += AT_ONCE_MAX) {
      await Promise.all(due.slice(at, at + AT_ONCE_MAX).map((row) => deliverOne(row, send)));
    }
  } while (due.length === DUE_MAX);
  await storage.writer.write([deleteOldMails(clock.wallMs() - REMEMBERED_MS)]);
}
