import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type ResaleView, resaleView } from '../../../src/fraud/resale/contract.ts';
import { useApi } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { ThingLink } from '../../components/thing-link.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn } from '../../ui/usual-columns.tsx';
import { keySharingTexts } from './key-sharing-texts.ts';

type Suspect = ResaleView['keys'][number];
type Spread = ResaleView['templates'][number];

const REASONS = [
  'many_networks',
  'many_countries',
  'many_clients',
  'many_end_users',
  'changing_mix',
  'no_night',
] as const;

/** Keys that seem to be resold, and prompts that come through many of them. */
export function KeySharingPanel() {
  const t = useTexts(keySharingTexts);
  const state = useApi({ path: '/control/v1/fraud/resale', answer: resaleView });
  const keys = useKeyColumns();
  const apps = useAppColumns();
  return (
    <div className="page">
      <Panel title={t('keys')} padded={false}>
        <p className="panel-padded dimmed" style={{ margin: 0 }}>
          {t('keys_note')}
        </p>
        <ApiTable
          label={t('keys')}
          state={{ ...state, data: state.data?.keys }}
          columns={keys}
          rowId={(row) => row.key_id}
          empty={<EmptyState title={t('no_keys')}>{t('no_keys_note')}</EmptyState>}
        />
      </Panel>
      <Panel title={t('templates')} padded={false}>
        <p className="panel-padded dimmed" style={{ margin: 0 }}>
          {t('templates_note')}
        </p>
        <ApiTable
          label={t('templates')}
          state={{ ...state, data: state.data?.templates }}
          columns={apps}
          rowId={(row) => row.template}
          empty={<EmptyState title={t('no_templates')}>{t('no_templates_note')}</EmptyState>}
        />
      </Panel>
    </div>
  );
}

function useKeyColumns(): readonly Column<Suspect>[] {
  const t = useTexts(keySharingTexts);
  const formats = useFormats();
  return useMemo(() => {
    const count = (key: 'requests' | 'networks' | 'countries' | 'client_classes' | 'end_users'): Column<Suspect> => ({
      key,
      header: t(key),
      align: 'end',
      value: (row) => row[key],
      cell: (row) => formats.compact(row[key]),
      width: 110,
    });
    const wordOf = (reason: string) => {
      const known = REASONS.find((one) => one === reason);
      return known === undefined ? reason : t(`reason_${known}`);
    };
    return [
      {
        key: 'key',
        header: t('key'),
        value: (row) => row.key_id,
        cell: ({ key_id: id }) => (
          <Link to="/keys/$id" params={{ id }} className="link mono" title={id}>
            {shortId(id)}
          </Link>
        ),
        width: 170,
      },
      {
        key: 'account',
        header: t('account'),
        value: (row) => row.account_id,
        cell: (row) => <AccountLink id={row.account_id} />,
        width: 150,
      },
      longTextColumn({
        key: 'reasons',
        header: t('reasons'),
        text: ({ reasons }) => reasons.map(wordOf).join(' · '),
        width: 300,
      }),
      ...(['requests', 'networks', 'countries', 'client_classes', 'end_users'] as const).map(count),
    ];
  }, [t, formats]);
}

function useAppColumns(): readonly Column<Spread>[] {
  const t = useTexts(keySharingTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'app',
        header: t('app'),
        value: (row) => row.template,
        cell: (row) => <ThingLink dimension="app" id={row.template} />,
        width: 260,
      },
      {
        key: 'keys',
        header: t('count'),
        align: 'end',
        value: (row) => row.keys,
        cell: (row) => formats.number(row.keys),
        width: 110,
      },
      {
        key: 'requests',
        header: t('requests'),
        align: 'end',
        value: (row) => row.requests,
        cell: (row) => formats.compact(row.requests),
        width: 110,
      },
    ],
    [t, formats],
  );
}
