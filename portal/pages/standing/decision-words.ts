import { useCallback } from 'react';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import type { HeldView, OwnAppealView, OwnDecisionView } from '../../../src/portal/redress/contract.ts';
import { decisionTexts } from './decision-texts.ts';

type Subject = HeldView['subject'];

/** Whom it is about, as its person would say it. */
export function useSubjectWords(): (subject: Subject) => string {
  const t = useTexts(decisionTexts);
  return useCallback(({ kind, name }) => t(`subject_${kind}`, { name: name ?? t('unnamed') }), [t]);
}

/** Since when, and until when where that is set. */
export function useSpanWords(): (sinceAt: string, untilAt: string | null) => string {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  return useCallback(
    (sinceAt, untilAt) => {
      const since = formats.time(sinceAt);
      return untilAt === null ? t('since', { time: since }) : t('span', { since, until: formats.time(untilAt) });
    },
    [t, formats],
  );
}

/** How a decision stands now. */
export function useStateWords(): (decision: Pick<OwnDecisionView, 'kind' | 'in_force' | 'ended' | 'step'>) => {
  readonly status: Status;
  readonly word: string;
} {
  const t = useTexts(decisionTexts);
  return useCallback(
    ({ kind, in_force: inForce, ended, step }) => {
      if (kind !== 'sanction') return { status: 'good', word: t(`kind_${kind}`) };
      if (ended !== null) return { status: ended.how === 'reversed' ? 'good' : 'none', word: t(`ended_${ended.how}`) };
      if (!inForce) return { status: 'none', word: t('over') };
      return { status: step === 'notice' || step === 'warning' ? 'warn' : 'bad', word: t('in_force') };
    },
    [t],
  );
}

/** How far an appeal is. */
export function appealStatus(state: OwnAppealView['state']): Status {
  switch (state) {
    case 'overturned':
    case 'partly':
      return 'good';
    case 'upheld':
      return 'bad';
    case 'withdrawn':
      return 'none';
    case 'received':
    case 'triaged':
    case 'in_review':
      return 'warn';
  }
}
