import { useEffect, useRef } from 'react';
import { type CaseView, caseView } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';

const KEEP_EVERY_MS = 5 * 60_000;

/** Keeps a case with whoever works on it; a page that is only left open lets it go. */
export function useKeepCase(one: CaseView, isTheirs: boolean): void {
  const keep = useApiChange(
    () => ({ method: 'POST', path: apiPath`/control/v1/enforcement/cases/${one.id}/take`, answer: caseView }),
    { refresh: [apiPath`/control/v1/enforcement/cases/${one.id}`] },
  );
  const run = useRef(keep.run);
  run.current = keep.run;
  useEffect(() => {
    if (!isTheirs) return;
    let isActive = false;
    const act = () => {
      isActive = true;
    };
    const timer = setInterval(() => {
      if (isActive && document.visibilityState === 'visible') void run.current(undefined);
      isActive = false;
    }, KEEP_EVERY_MS);
    window.addEventListener('keydown', act);
    window.addEventListener('pointerdown', act);
    return () => {
      clearInterval(timer);
      window.removeEventListener('keydown', act);
      window.removeEventListener('pointerdown', act);
    };
  }, [isTheirs]);
}
