import { useMemo } from 'react';
import type { CaseRowView } from '../../../src/enforcement/cases/contract.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord, SeverityText } from '../../components/enforcement-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { StatusText } from '../../ui/status.tsx';
import { caseTexts } from './case-texts.ts';
import { DueText, useCaseWords, usePriorityWords, useUnitWords } from './case-words.tsx';

type CaseColumn = Column<CaseRowView>;

/** The columns of every list of cases: what it is, whom it is about, and how pressing it is. */
export function useCaseColumns(): readonly CaseColumn[] {
  const about = useAboutColumns();
  const pressing = usePressingColumns();
  return useMemo(() => [...about, ...pressing], [about, pressing]);
}

function useAboutColumns(): readonly CaseColumn[] {
  const t = useTexts(caseTexts);
  const words = useTexts(enforcementTexts);
  const caseWords = useCaseWords();
  const unitWords = useUnitWords();
  return useMemo(
    () => [
      {
        key: 'conduct',
        header: t('conduct'),
        value: (row) => enforcementWord(words, 'conduct', row.conduct),
        width: 165,
      },
      {
        key: 'severity',
        header: t('severity'),
        value: (row) => (row.severity === 'terminal' ? 4 : row.severity),
        cell: (row) => <SeverityText severity={row.severity} />,
        width: 105,
      },
      { key: 'kind', header: t('kind'), value: (row) => caseWords('kind', row.kind), width: 170 },
      {
        key: 'account',
        header: t('account'),
        value: (row) => row.account_id,
        cell: (row) => <AccountLink id={row.account_id} />,
        width: 130,
      },
      { key: 'unit', header: t('unit'), value: (row) => unitWords(row.unit), width: 150, hidden: true },
      {
        key: 'state',
        header: t('state'),
        value: (row) => caseWords('state', row.state),
        cell: (row) =>
          row.awaits_second ? <StatusText status="warn">{t('second')}</StatusText> : caseWords('state', row.state),
        width: 135,
      },
    ],
    [t, words, caseWords, unitWords],
  );
}

function usePressingColumns(): readonly CaseColumn[] {
  const t = useTexts(caseTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const priorityWords = usePriorityWords();
  return useMemo(
    () => [
      {
        key: 'wanted',
        header: t('wanted'),
        value: (row) => (row.wanted === null ? null : enforcementWord(words, 'step', row.wanted)),
        cell: (row) => (row.wanted === null ? '–' : enforcementWord(words, 'step', row.wanted)),
        width: 110,
      },
      {
        key: 'priority',
        header: t('priority'),
        align: 'end',
        value: (row) => row.priority.value,
        cell: (row) => (
          <span className="priority-cell" title={priorityWords(row.priority)}>
            {formats.number(Math.round(row.priority.value * 10) / 10)}
          </span>
        ),
        width: 85,
      },
      {
        key: 'requests',
        header: t('requests'),
        align: 'end',
        value: (row) => row.requests,
        cell: (row) => formats.number(row.requests),
        width: 95,
      },
      {
        key: 'accounts',
        header: t('accounts'),
        align: 'end',
        value: (row) => row.accounts,
        cell: (row) => formats.number(row.accounts),
        width: 95,
        hidden: true,
      },
      { key: 'due', header: t('due'), value: (row) => row.due_at, cell: (row) => <DueText row={row} />, width: 110 },
      {
        key: 'who',
        header: t('who'),
        value: (row) => row.assignee?.name ?? null,
        cell: (row) => row.assignee?.name ?? <span className="dimmed">{t('nobody')}</span>,
        width: 105,
      },
    ],
    [t, words, formats, priorityWords],
  );
}
