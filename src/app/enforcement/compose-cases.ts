import { type CaseActions, type Cases, createCases, type Reading, reviewPolicyOf } from '../../enforcement/index.ts';
import { openingOfReport } from './report-opening.ts';
import { type ReviewParts, staffPeople } from './review-parts.ts';

/** How sure somebody of the staff is taken to be who says that something happened. */
const STAFF_CONFIDENCE = 0.97;

/** What people decide, and what follows from it; from here on whoever wants a case opened is heard. */
export async function composeCases(parts: ReviewParts): Promise<Cases> {
  const { config, clock, random, serving } = parts;
  const { storage, mintId, telemetry, enforcement, content } = serving;
  const cases = await createCases({
    storage,
    clock,
    random,
    mintId,
    policy: reviewPolicyOf(config.reviewing),
    content,
    staff: () => staffPeople(parts),
    actions: actionsOf(parts),
  });
  enforcement.later.openCase = async (what) => {
    const one = await cases.open(what);
    if (!one.ok) telemetry.fault('open a case', new Error('too many cases are undecided'));
  };
  enforcement.reports.onFiled((report) => {
    // What speaks against somebody is an incident, and comes to people by that way.
    if (report.incidentId !== null) return;
    enforcement.later.openCase(openingOfReport(report)).catch((error: unknown) => {
      telemetry.fault('open a case for a report', error);
    });
  });
  return cases;
}

function actionsOf({ clock, serving }: ReviewParts): CaseActions {
  const { follow, reports, sanctions } = serving.enforcement;
  return {
    async read(reading: Reading) {
      const done = await follow.read(reading);
      // What people were right about counts for those who reported it.
      if (reading.outcome !== 'unsure') await reports.settled(reading.incidentId, reading.outcome === 'abuse');
      return done;
    },
    async undo(ids, unit, by, reason) {
      const named = (await Promise.all(ids.map((id) => follow.get(id)))).filter((one) => one !== null);
      // Figures of an operator name what its other accounts did, which nobody has judged here.
      const own = named.filter(({ owner }) => unit.kind === 'operator' || owner.accountId === unit.accountId);
      const undone = await follow.undo(
        own.map(({ id }) => id),
        by,
        reason,
        clock.wallMs(),
      );
      return undone.length;
    },
    async say({ owner, conduct, requestId, language, by }) {
      const said = { source: 'staff', sourceVersion: by, confidence: STAFF_CONFIDENCE, atMs: clock.wallMs() } as const;
      await follow.raise({ ...said, owner, conduct, requestId, language });
    },
    impose: sanctions.impose,
    endSanction: sanctions.end,
  };
}
