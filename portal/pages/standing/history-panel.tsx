import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { longTextColumn, statusColumn, timeColumn } from '../../../console/ui/usual-columns.tsx';
import { DECISIONS_PAGE_MAX, type OwnDecisionView, ownDecisionListView } from '../../../src/portal/redress/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { decisionTexts } from './decision-texts.ts';
import { useStateWords, useSubjectWords } from './decision-words.ts';
import { standingTexts } from './standing-texts.ts';

/** Everything that was decided about the account, newest first. */
export function HistoryPanel() {
  const t = useTexts(standingTexts);
  const { id } = useAccount();
  const navigate = useNavigate();
  const columns = useColumns();
  const state = useApiPages({
    path: apiPath`/portal/v1/accounts/${id}/decisions`,
    query: { limit: DECISIONS_PAGE_MAX },
    answer: ownDecisionListView,
  });
  return (
    <Panel title={t('decisions')} padded={false}>
      <ApiTable
        label={t('decisions')}
        state={state}
        columns={columns}
        rowId={(row) => row.id}
        onOpen={(row) => void navigate({ to: '/standing/$id', params: { id: row.id } } as never)}
        empty={<p className="panel-padded dimmed developer-line">{t('no_decisions')}</p>}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<OwnDecisionView>[] {
  const t = useTexts(standingTexts);
  const words = useTexts(decisionTexts);
  const formats = useFormats();
  const stateOf = useStateWords();
  const subjectOf = useSubjectWords();
  return useMemo(
    () => [
      timeColumn<OwnDecisionView>(formats, { key: 'at', header: t('col_decided'), at: (row) => row.at, width: 190 }),
      longTextColumn<OwnDecisionView>({
        key: 'what',
        header: t('col_decision'),
        text: (row) =>
          row.kind === 'sanction' && row.step !== null ? words(`step_${row.step}`) : words(`kind_${row.kind}`),
        width: 175,
      }),
      longTextColumn<OwnDecisionView>({
        key: 'for',
        header: words('f_for'),
        text: (row) => (row.conduct === null ? null : words(`conduct_${row.conduct}`)),
        width: 160,
      }),
      longTextColumn<OwnDecisionView>({
        key: 'about',
        header: words('f_about'),
        text: (row) => subjectOf(row.subject),
        width: 130,
      }),
      statusColumn<OwnDecisionView>({
        key: 'state',
        header: t('col_state'),
        status: (row) => stateOf(row).status,
        word: (row) => stateOf(row).word,
        width: 205,
      }),
      longTextColumn<OwnDecisionView>({
        key: 'appeal',
        header: words('appeal'),
        text: (row) => (row.appeals[0] === undefined ? null : words(`state_${row.appeals[0].state}`)),
        width: 190,
      }),
    ],
    [t, words, formats, stateOf, subjectOf],
  );
}
