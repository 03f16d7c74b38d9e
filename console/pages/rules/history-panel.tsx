import { useMemo } from 'react';
import type { z } from 'zod';
import { ruleVersionsView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { ApiTable } from '../../components/api-table.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn, statusColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { byWord, MODE_STATUS, modeWord } from './rule-words.ts';
import { rulesTexts } from './rules-texts.ts';

type Versions = z.output<typeof ruleVersionsView>;
type Version = Versions['data'][number];
type Mode = Versions['modes'][number];

const HEIGHT_PX = 360;

/** Every version of a rule, and every change of how much it may do, with who and why. */
export function HistoryPanel({ rule }: { readonly rule: string }) {
  const t = useTexts(rulesTexts);
  const state = useApi({
    path: apiPath`/control/v1/enforcement/rules/${rule}/versions`,
    answer: ruleVersionsView,
  });
  const { versions, modes } = useColumns();
  const empty = <EmptyState title={t('history_empty')}>{null}</EmptyState>;
  return (
    <div className="page">
      <Panel title={t('modes')} padded={false}>
        <ApiTable
          label={t('modes')}
          state={{ ...state, data: state.data?.modes }}
          columns={modes}
          rowId={({ at, mode }) => `${at} ${mode}`}
          heightMax={HEIGHT_PX}
          empty={empty}
        />
      </Panel>
      <Panel title={t('versions')} padded={false}>
        <ApiTable
          label={t('versions')}
          state={{ ...state, data: state.data?.data }}
          columns={versions}
          rowId={({ version }) => String(version)}
          heightMax={HEIGHT_PX}
          empty={empty}
        />
      </Panel>
    </div>
  );
}

function useColumns(): { readonly versions: readonly Column<Version>[]; readonly modes: readonly Column<Mode>[] } {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  return useMemo(
    () => ({
      versions: [
        { key: 'version', header: t('version'), value: ({ version }) => version, width: 90 },
        timeColumn<Version>(formats, { key: 'at', header: t('at'), at: (row) => row.changed_at }),
        { key: 'by', header: t('by'), value: (row) => byWord(t, row.changed_by), width: 160 },
        longTextColumn<Version>({ key: 'why', header: t('why'), text: (row) => row.note, width: 240 }),
        {
          key: 'when',
          header: t('rule'),
          value: (row) => row.document.when,
          cell: (row) => (
            <span className="mono" title={row.document.when}>
              {row.document.when}
            </span>
          ),
          width: 400,
        },
      ],
      modes: [
        statusColumn<Mode>({
          key: 'mode',
          header: t('mode'),
          status: (row) => MODE_STATUS[row.mode],
          word: (row) => modeWord(t, formats, row),
          width: 160,
        }),
        timeColumn<Mode>(formats, { key: 'at', header: t('at'), at: (row) => row.at }),
        { key: 'by', header: t('by'), value: (row) => byWord(t, row.by), width: 160 },
        {
          key: 'why',
          header: t('why'),
          value: (row) => whyOf(t, row),
          cell: (row) => <span title={row.detail}>{whyOf(t, row)}</span>,
          width: 360,
        },
      ],
    }),
    [t, formats],
  );
}

function whyOf(t: (key: `pause_${NonNullable<Mode['reason']>}`) => string, { reason, detail }: Mode): string {
  return reason === null || reason === 'by_hand' ? detail : t(`pause_${reason}`);
}
