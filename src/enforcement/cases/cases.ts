import type { Result } from '../../base/result.ts';
import type { ControlHono } from '../../http/control.ts';
import { createBulk } from './bulk.ts';
import type { Case, CaseOpening } from './case.ts';
import { createDeciding } from './deciding.ts';
import type { CaseDeps } from './deps.ts';
import { openDesk } from './desk.ts';
import { createOpener } from './opening.ts';
import { createRevealing } from './revealing.ts';
import { asOfNow } from './routing.ts';
import { caseRoutes } from './routes.ts';
import { eraseAccountCases, readCase, readSubjects } from './store.ts';
import { createWorking } from './working.ts';

/** Cases as the rest of enforcement sees them. */
export interface Cases {
  /**
   * Opens a case, or adds to an undecided one of the same kind, unit and conduct; durable when it resolves. Told again of
   * subjects it knows, it answers the case they went to. Refused when too many are undecided.
   */
  open(what: CaseOpening): Promise<Result<Case, 'too_many_cases'>>;
  get(id: string): Promise<Case | null>;
  /** Ids of the staff who judged any of these incidents or sanctions. */
  readersOf(ids: readonly string[]): Promise<readonly string[]>;
  /** Undecided ones. */
  ofAccount(accountId: string): readonly Case[];
  /** Somebody was disabled, or came back: what they had returns to its queue with its notes. */
  staffChanged(): Promise<void>;
  /** Forgets an account that was deleted. */
  erase(accountId: string): Promise<void>;
  readonly routes: ControlHono;
}

/** Reads what is undecided into memory; what is decided stays in the store. */
export async function createCases(deps: CaseDeps): Promise<Cases> {
  const { storage, clock } = deps;
  const desk = await openDesk(deps);
  const working = createWorking(desk);
  const deciding = createDeciding(desk, working);
  return {
    open: createOpener(desk).open,
    async get(id) {
      const one = desk.table.get(id) ?? (await readCase(storage.reader, id));
      return one === null ? null : asOfNow(one, clock.wallMs());
    },
    async readersOf(ids) {
      const subjects = await readSubjects(
        storage.reader,
        ids.map((id) => (id.startsWith('san_') ? `sanction ${id}` : `incident ${id}`)),
      );
      const readers = new Set<string>();
      for (const caseId of new Set(subjects.values())) {
        const one = desk.table.get(caseId) ?? (await readCase(storage.reader, caseId));
        for (const by of one?.ruling?.by ?? []) readers.add(by);
      }
      return [...readers];
    },
    ofAccount: (accountId) => desk.table.ofAccount(accountId),
    staffChanged: () => desk.refreshStaff(true),
    async erase(accountId) {
      for (const { id } of desk.table.ofAccount(accountId)) desk.table.remove(id);
      await storage.writer.write(eraseAccountCases(accountId));
    },
    routes: caseRoutes({
      desk,
      working,
      deciding,
      revealing: createRevealing(desk),
      bulk: createBulk(desk, deciding),
    }),
  };
}
