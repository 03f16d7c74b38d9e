import type { CaseRowView } from '../../../src/enforcement/cases/contract.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { StatusText } from '../../ui/status.tsx';
import { caseTexts } from './case-texts.ts';

type CaseKey = keyof (typeof caseTexts)['en'];

/** A value of a case by its word; one of a later version of the service by its name. */
export function useCaseWords(): (kind: 'queue' | 'kind' | 'state' | 'language', value: string) => string {
  const t = useTexts(caseTexts);
  return (kind, value) => {
    const key = `${kind}_${value}`;
    return isKey(key) ? t(key) : value;
  };
}

function isKey(key: string): key is CaseKey {
  return key in caseTexts.en;
}

/** Whom a case is about, as a word: the smallest unit that stops it. */
export function useUnitWords(): (unit: CaseRowView['unit']) => string {
  const t = useTexts(enforcementTexts);
  return ({ kind, name }) =>
    name === null ? enforcementWord(t, 'unit', kind) : `${enforcementWord(t, 'unit', kind)} ${name}`;
}

/** How long there is left; that it is too late, as a status. */
export function DueText({ row }: { readonly row: Pick<CaseRowView, 'due_at' | 'overdue' | 'outcome'> }) {
  const t = useTexts(caseTexts);
  const formats = useFormats();
  if (row.outcome !== null) return <span>–</span>;
  if (row.overdue) return <StatusText status="bad">{t('overdue')}</StatusText>;
  return <span className="nowrap">{formats.ago(row.due_at, Date.now())}</span>;
}

/** A priority with its factors, for whoever points at it or cannot see. */
export function usePriorityWords(): (priority: CaseRowView['priority']) => string {
  const t = useTexts(caseTexts);
  const formats = useFormats();
  return ({ probability, harm, reach, age }) =>
    t('priority_words', {
      probability: formats.share(probability),
      harm: formats.number(harm),
      reach: formats.number(Math.round(reach * 10) / 10),
      age: formats.number(Math.round(age * 10) / 10),
    });
}
