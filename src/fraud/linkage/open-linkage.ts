import { assert } from '../../base/assert.ts';
import { breathe } from '../../base/breathe.ts';
import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/random.ts';
import { loadSecretFile } from '../../storage/secret-file.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { EvidenceValue } from '../evidence/evidence-of.ts';
import type { SignupFacts } from '../evidence.ts';
import type { NetworkLookup } from '../evidence/network-lookup.ts';
import type { Linkage } from '../linkage.ts';
import { type AdmittingLinkage, linkageOf, type StaffedLinkage } from './create-linkage.ts';
import type { Keeping, StoredAccount } from './keeping.ts';
import { packEvidence, unpackEvidence } from './pack.ts';
import { createParts, type LinkageParts, seenAt } from './parts.ts';
import { restore } from './restore.ts';
import {
  dropWaiting,
  type NetworkMark,
  putAccount,
  putFall,
  putLink,
  putTemplate,
  putWaiting,
  readWaiting,
} from './store.ts';
import { type Newcomer, newcomerOf } from './taking.ts';

export interface OpenLinkageDeps {
  readonly storage: Pick<Storage, 'dataDir' | 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly lookUp: NetworkLookup;
  /** Hears of what could not be kept or read: it holds until the service stops. */
  readonly onFault: (what: string, error: unknown) => void;
}

/** Linkage over a data folder. */
export interface OpenedLinkage {
  /** Null while what it knew is being read: nothing may be decided by half of it. */
  now(): StaffedLinkage | null;
  /** Resolves once everything is read; rejects when it is closed before. */
  readonly ready: Promise<StaffedLinkage>;
  /** Reads everything that is known into memory, a little at a time beside whatever else there is to do. Once. */
  read(): Promise<void>;
  /** Takes in a sign-up, durable when it resolves. One that comes too early is kept, and compared in its turn. */
  signedUp(facts: SignupFacts): Promise<void>;
  /** One told too early counts for the sign-ups that wait, too. */
  readonly sanctioned: Linkage['sanctioned'];
  readonly onEvasion: Linkage['onEvasion'];
  readonly onChange: Linkage['onChange'];
  /** What the staff said of networks. */
  readonly marks: Map<string, NetworkMark>;
  /** Resolves once everything it was told is durable. */
  settled(): Promise<void>;
  /** Stops reading. */
  close(): Promise<void>;
}

const SECRET_FILE = 'evidence-secret';

/** Knows nothing until `read`. */
export function openLinkage(deps: OpenLinkageDeps): OpenedLinkage {
  const { storage, clock, random, lookUp } = deps;
  const secret = loadSecretFile(storage.dataDir, SECRET_FILE, random);
  const { keeping, settled, allKept, keep } = createKeeping(deps);
  const parts = createParts({ secret, nowMs: clock.wallMs, lookUp, keeping });
  const linkage = linkageOf(parts, { nowMs: clock.wallMs });
  const marks = new Map<string, NetworkMark>();
  const ready = Promise.withResolvers<StaffedLinkage>();
  ready.promise.catch(() => undefined);
  const waiting = createWaiting(parts, deps);
  const sanctions = new Map<string, boolean>();
  let isRead = false;
  let isReady = false;
  let stopped = false;
  let reading: Promise<void> = Promise.resolve();

  async function readAll(): Promise<void> {
    try {
      const given = { reader: storage.reader, isStopped: () => stopped };
      if (!(await restore(parts, marks, given))) return;
      for (const [accountId, isSanctioned] of sanctions) linkage.sanctioned(accountId, isSanctioned);
      sanctions.clear();
      isRead = true;
      if (!(await waiting.admitAll(linkage, settled, given.isStopped))) return;
      if (allKept()) keep(dropWaiting());
      isReady = true;
      ready.resolve(linkage);
    } catch (error) {
      deps.onFault('read who is behind accounts', error);
    }
  }

  return {
    now: () => (isReady ? linkage : null),
    ready: ready.promise,
    read: () => (reading = readAll()),
    async signedUp(facts) {
      if (!isReady) return waiting.put(facts);
      linkage.signedUp(facts);
      await settled();
    },
    sanctioned(accountId, isSanctioned) {
      if (isRead) linkage.sanctioned(accountId, isSanctioned);
      else sanctions.set(accountId, isSanctioned);
    },
    onEvasion: linkage.onEvasion,
    onChange: linkage.onChange,
    marks,
    settled,
    async close() {
      stopped = true;
      await reading;
      if (!isReady) ready.reject(new Error('the service stops before it has read who is behind accounts'));
    },
  };
}

/** Sign-ups that come while linkage is being read: durable at once, compared when it is there. */
function createWaiting({ evidence }: LinkageParts, { storage }: OpenLinkageDeps) {
  let begun = 0;
  let writing = 0;

  async function put(facts: SignupFacts): Promise<void> {
    const { values, ...newcomer } = newcomerOf(facts, evidence);
    const packed = packEvidence(values.map(seenAt(facts.atMs)));
    begun++;
    writing++;
    try {
      const written = await storage.writer.write(putWaiting({ ...newcomer, evidence: packed }));
      assert(written.ok, 'a sign-up can always be kept');
    } finally {
      writing--;
    }
  }

  /**
   * Takes all of them in, in the order they came. When it resolves with true none is left: a page read empty, all
   * that began before it was read was on the disk, and none began since.
   */
  async function admitAll(
    linkage: AdmittingLinkage,
    settled: () => Promise<void>,
    isStopped: () => boolean,
  ): Promise<boolean> {
    for (let after = 0; !isStopped(); ) {
      const before = { begun, writing };
      const page = await readWaiting(storage.reader, after);
      if (page.length === 0 && before.writing === 0 && before.begun === begun) return true;
      for (const one of page) {
        linkage.admit(toNewcomer(one));
        after = one.number;
      }
      await settled();
      await breathe();
    }
    return false;
  }

  return { put, admitAll };
}

function toNewcomer({ accountId, atMs, traits, evidence }: StoredAccount): Newcomer {
  const values: EvidenceValue[] = [];
  unpackEvidence(evidence, (value) => values.push({ ...value }));
  return { accountId, atMs, traits, values };
}

/** Gives everything to the writer in the order it happened. */
function createKeeping({ storage, onFault }: OpenLinkageDeps) {
  let last: Promise<unknown> = Promise.resolve();
  let failed = 0;
  const keep = (statements: WriteStatement[]) => {
    last = storage.writer
      .write(statements)
      .then((outcome) => assert(outcome.ok, 'what linkage knows can always be kept'))
      .catch((error: unknown) => {
        failed++;
        onFault('keep evidence of a sign-up', error);
      });
  };
  const keeping: Keeping = {
    account: (account) => keep(putAccount(account)),
    link: (link) => keep(putLink(link)),
    fell: (number, fall) => keep(putFall(number, fall)),
    template: (template, atMs) => keep(putTemplate(template, atMs)),
  };
  return {
    keep,
    keeping,
    /** Of what was settled. */
    allKept: () => failed === 0,
    settled: async () => {
      await last;
    },
  };
}
