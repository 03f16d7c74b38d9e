import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { z } from 'zod';
import { type EgressErrorView, networkListView } from '../../../src/fraud/linkage/contract.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { toast } from '../../ui/toast.tsx';
import { longTextColumn, statusColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { MarkNetworkDialog } from './mark-network-dialog.tsx';
import { NETWORKS_PATH, useMarkNetwork } from './mark-network.ts';
import { networksTexts } from './networks-texts.ts';

type Mark = z.output<typeof networkListView>['data'][number];

/** Which networks many people share, as far as somebody said so, and how wrong the inference is without that. */
export function NetworksPanel() {
  const t = useTexts(networksTexts);
  const mayWrite = useMay()('fraud.write');
  const [marking, setMarking] = useState(false);
  const state = useApi({ path: NETWORKS_PATH, answer: networkListView });
  const columns = useColumns(mayWrite);
  const verb = mayWrite ? (
    <Button size="compact-sm" onClick={() => setMarking(true)}>
      {t('mark')}
    </Button>
  ) : null;
  return (
    <div className="page">
      {state.data === undefined ? null : <HowWrong error={state.data.error} />}
      <Panel title={t('marks')} actions={verb} padded={false}>
        <ApiTable
          label={t('marks')}
          state={{ ...state, data: state.data?.data }}
          columns={columns}
          rowId={(row) => row.prefix}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
      <MarkNetworkDialog opened={marking} onClose={() => setMarking(false)} />
    </div>
  );
}

function HowWrong({ error: { simulated, marked } }: { readonly error: EgressErrorView }) {
  const t = useTexts(networksTexts);
  const formats = useFormats();
  return (
    <>
      <Panel
        title={t('error')}
        actions={
          <Link to="/risk/simulation" className="link">
            {t('open_report')}
          </Link>
        }
      >
        <span className="dimmed">{t('error_note')}</span>
      </Panel>
      <div className="tiles">
        <StatTile
          label={t('wrongly')}
          value={formats.share(simulated.called_shared_wrongly)}
          note={t('wrongly_note')}
        />
        <StatTile label={t('missed')} value={formats.share(simulated.missed)} note={t('missed_note')} />
        <StatTile
          label={t('corrected')}
          value={t('corrected_value', { wrong: marked.wrong, networks: marked.networks })}
          note={t('corrected_note')}
        />
      </div>
    </>
  );
}

function useColumns(mayWrite: boolean): readonly Column<Mark>[] {
  const t = useTexts(networksTexts);
  const formats = useFormats();
  const takeBack = useTakeBack();
  return useMemo(
    () => [
      { key: 'prefix', header: t('prefix'), value: (row) => row.prefix, cell: mono, width: 170 },
      { key: 'shared', header: t('shared'), value: (row) => t(row.shared ? 'is_shared' : 'is_own'), width: 140 },
      statusColumn<Mark>({
        key: 'verdict',
        header: t('verdict'),
        status: (row) => (row.shared === row.seemed ? 'good' : 'warn'),
        word: (row) => t(row.shared === row.seemed ? 'right' : 'wrong'),
        width: 130,
      }),
      longTextColumn<Mark>({ key: 'reason', header: t('reason'), text: (row) => row.reason, width: 240 }),
      timeColumn<Mark>(formats, { key: 'at', header: t('at'), at: (row) => row.at }),
      ...(mayWrite
        ? [
            verbColumn<Mark>(t('take_back'), 120, (row) => (
              <Button size="compact-sm" variant="subtle" onClick={() => takeBack(row)}>
                {t('take_back')}
              </Button>
            )),
          ]
        : []),
    ],
    [t, formats, mayWrite, takeBack],
  );
}

function mono({ prefix }: Mark) {
  return <span className="mono">{prefix}</span>;
}

/** At once, for it can be undone. */
function useTakeBack(): (mark: Mark) => void {
  const t = useTexts(networksTexts);
  const restore = useMarkNetwork({ onDone: () => toast('good', t('saved')) });
  const { run } = useMarkNetwork();
  return ({ prefix, shared, reason }) =>
    void run({ prefix, shared: null, reason }).then((answer) => {
      if (answer === null) return;
      const undo = () => void restore.run({ prefix, shared, reason });
      toast('good', t('taken_back'), { label: t('undo'), run: undo });
    });
}
