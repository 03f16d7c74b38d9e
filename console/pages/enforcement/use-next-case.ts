import { useNavigate } from '@tanstack/react-router';
import { nextCaseView } from '../../../src/enforcement/cases/contract.ts';
import { useApiChange } from '../../api/queries.ts';
import { useErrorToast } from '../../components/error-toast.ts';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { caseTexts } from './case-texts.ts';

/** What is asked for again when a case changed. */
export const CASE_PATHS = [
  '/control/v1/enforcement/cases',
  '/control/v1/enforcement/queues',
  '/control/v1/enforcement/reviewers',
];

/** Takes the most pressing case somebody may judge and goes there, or says why there is none. */
export function useNextCase(queue?: string): { readonly take: () => void; readonly running: boolean } {
  const t = useTexts(caseTexts);
  const navigate = useNavigate();
  const onError = useErrorToast();
  const next = useApiChange(
    () => ({
      method: 'POST',
      path: '/control/v1/enforcement/cases/next',
      body: queue === undefined ? {} : { queue },
      answer: nextCaseView,
    }),
    {
      refresh: CASE_PATHS,
      onError,
      onDone: ({ case: one, why }) => {
        if (one !== null) void navigate({ to: '/enforcement/cases/$id', params: { id: one.id } });
        else toast('none', t(why ?? 'nothing_waits'));
      },
    },
  );
  return { take: () => void next.run(undefined), running: next.running };
}
