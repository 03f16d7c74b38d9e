import type { Audit } from '../../audit/audit.ts';
import type { Entry } from '../../audit/entry.ts';
import type { Clock } from '../../base/clock.ts';
import { refuse, ok, type Result } from '../../base/result.ts';
import type { Storage } from '../../storage/sql/storage.ts';
import type { WriteStatement } from '../../storage/sql/writer.ts';
import type { Decision } from '../decision.ts';
import {
  bodyOf,
  type DecisionFilter,
  digestOf,
  insertDecision,
  isRecordedAs,
  listDecisions,
  type PageOf,
  putOff,
  readAbout,
  readDecision,
  readDecisionsFrom,
  readDueNotices,
  readToldAt,
  setTold,
} from './store.ts';

export interface DecisionsDeps {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly audit: Audit;
  /** Brings a notice to the people of an account, by mail for one; rejects when it could not, and is asked again later. */
  readonly notify: (decision: Decision) => Promise<void>;
  readonly onFault: (what: string, error: unknown) => void;
}

/** Where a decision stands in the tamper-evident record. */
export interface Recorded {
  readonly entry: Entry;
  /** Whether the decision is still the one that was recorded. */
  readonly intact: boolean;
}

export interface DecisionDetail {
  readonly decision: Decision;
  readonly recorded: Recorded | null;
  readonly toldAtMs: number | null;
  readonly followedBy: readonly string[];
}

/** Decisions: written once, each with its entry in the tamper-evident record and the notice that is due with it. */
export interface Decisions {
  /** Puts it on record in one unit with `also`; false: `also` was not met, and nothing was written. Then the person is told. */
  append(decision: Decision, also: readonly WriteStatement[]): Promise<boolean>;
  /** Several at once, all or nothing; at most 1,000. */
  appendAll(
    decisions: readonly Decision[],
    also: readonly WriteStatement[],
  ): Promise<Result<null, { readonly statement: number }>>;
  get(decisionId: string): Promise<Decision | null>;
  show(decisionId: string): Promise<DecisionDetail | null>;
  /** The newest first, at most 500; those that are not felt yet are left out. */
  ofAccount(accountId: string): Promise<readonly Decision[]>;
  list(filter: DecisionFilter, page: PageOf): Promise<readonly Decision[]>;
  /** The oldest first, behind the decision `after` ('' for the first). */
  from(filter: DecisionFilter, after: string, limit: number): Promise<readonly Decision[]>;
  /** What to do every few seconds: tells whom nobody could reach at first, and those whose decision comes to be felt now. */
  deliver(): Promise<number>;
}

/** Of the record. */
export const DECISION_ENTRY = 'decision';

const OF_ACCOUNT_MAX = 500;
const DELIVERED_AT_ONCE_MAX = 50;
const FIRST_RETRY_MS = 60_000;
const RETRY_MS_MAX = 6 * 3_600_000;

export function createDecisions(deps: DecisionsDeps): Decisions {
  const { clock, audit } = deps;
  const { reader } = deps.storage;
  const delivery = createDelivery(deps);

  async function appendAll(decisions: readonly Decision[], also: readonly WriteStatement[]) {
    const stored = decisions.map((decision) => ({ decision, text: bodyOf(decision) }));
    const statements = stored.flatMap(({ decision, text }) => insertDecision(decision, text));
    const drafts = stored.map(({ decision, text }) => ({
      kind: DECISION_ENTRY,
      subject: decision.id,
      body: {
        decision: decision.kind,
        step: decision.step,
        conduct: decision.facts?.conduct ?? null,
        automated: decision.automatedDecision,
        sanction: decision.sanctionId,
        about: decision.about,
        sha256: digestOf(text),
      },
    }));
    const added = await audit.appendAll(drafts, [...statements, ...also]);
    if (!added.ok) return refuse({ statement: added.refusal.statement - statements.length });
    delivery.soon();
    return ok(null);
  }

  return {
    appendAll,
    append: async (decision, also) => (await appendAll([decision], also)).ok,
    get: (id) => readDecision(reader, id),
    async show(id) {
      const decision = await readDecision(reader, id);
      if (decision === null) return null;
      const entry = await audit.find(DECISION_ENTRY, id);
      const recorded = entry && { entry, intact: isRecordedAs(bodyOf(decision), entry.body) };
      return {
        decision,
        recorded,
        toldAtMs: await readToldAt(reader, id),
        followedBy: await readAbout(reader, id),
      };
    },
    async ofAccount(accountId) {
      const found = await listDecisions(reader, { accountId }, { before: null, limit: OF_ACCOUNT_MAX });
      return found.filter(({ startMs }) => startMs <= clock.wallMs());
    },
    list: (filter, page) => listDecisions(reader, filter, page),
    from: (filter, after, limit) => readDecisionsFrom(reader, filter, after, limit),
    deliver: delivery.deliver,
  };
}

/** Tells people of decisions, one after the other; what is not told stays due. */
function createDelivery({ storage, clock, notify, onFault }: DecisionsDeps) {
  let running: Promise<number> | null = null;
  let again = false;

  async function tell(decision: Decision, tries: number): Promise<boolean> {
    try {
      await notify(decision);
    } catch (error) {
      onFault('tell somebody of a decision', error);
      const waitMs = Math.min(FIRST_RETRY_MS * 2 ** Math.min(tries, 20), RETRY_MS_MAX);
      await storage.writer.write([putOff(decision.id, clock.wallMs() + waitMs)]);
      return false;
    }
    await storage.writer.write([setTold(decision.id, clock.wallMs())]);
    return true;
  }

  async function all(): Promise<number> {
    let told = 0;
    do {
      again = false;
      const due = await readDueNotices(storage.reader, clock.wallMs(), DELIVERED_AT_ONCE_MAX);
      for (const { decision, tries } of due) if (await tell(decision, tries)) told++;
      again ||= due.length === DELIVERED_AT_ONCE_MAX;
    } while (again);
    return told;
  }

  function deliver(): Promise<number> {
    if (running !== null) {
      again = true;
      return running;
    }
    running = all().finally(() => {
      running = null;
    });
    return running;
  }
  return {
    deliver,
    soon() {
      deliver().catch((error: unknown) => onFault('tell people of decisions', error));
    },
  };
}
