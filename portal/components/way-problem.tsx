import { Alert } from '@mantine/core';
import { useLocation } from '@tanstack/react-router';
import { useTexts } from '../../console/locales/language.tsx';
import { StatusIcon } from '../../console/ui/status.tsx';
import { WAY_PROBLEMS, type WayProblem } from '../../src/people/contract.ts';
import { wayProblemTexts } from './way-problem-texts.ts';

/** What went wrong at another service, where the address says so. */
export function WayProblemNotice() {
  const t = useTexts(wayProblemTexts);
  const { search } = useLocation();
  const problem = problemIn(search);
  if (problem === null) return null;
  return (
    <Alert role="alert" variant="outline" color="var(--candor-bad)" icon={<StatusIcon status="bad" size={18} />} p="sm">
      {t(problem)}
    </Alert>
  );
}

function problemIn(search: object): WayProblem | null {
  const told = 'problem' in search ? search.problem : null;
  return WAY_PROBLEMS.find((one) => one === told) ?? null;
}
