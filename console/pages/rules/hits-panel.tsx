import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { z } from 'zod';
import { HITS_PAGE_MAX, hitListView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiPages } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiTable } from '../../components/api-table.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Translate } from '../../locales/translate.ts';
import { shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { timeColumn } from '../../ui/usual-columns.tsx';
import { rulesTexts } from './rules-texts.ts';

type Hit = z.output<typeof hitListView>['data'][number];

const HEIGHT_PX = 560;

/** What a rule hit, newest first, and why. */
export function HitsPanel({ rule }: { readonly rule: string }) {
  const t = useTexts(rulesTexts);
  const state = useApiPages({
    path: apiPath`/control/v1/enforcement/rules/${rule}/hits`,
    query: { limit: HITS_PAGE_MAX },
    answer: hitListView,
  });
  const columns = useColumns();
  return (
    <Panel title={t('hits')} padded={false}>
      <ApiTable
        label={t('hits')}
        state={state}
        columns={columns}
        rowId={({ id }) => id}
        heightMax={HEIGHT_PX}
        empty={<EmptyState title={t('hits_empty')}>{t('hits_empty_note')}</EmptyState>}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<Hit>[] {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      timeColumn<Hit>(formats, { key: 'at', header: t('at'), at: (hit) => hit.at }),
      {
        key: 'account',
        header: t('account'),
        value: (hit) => hit.account_id,
        cell: (hit) => <AccountLink id={hit.account_id} />,
        width: 180,
      },
      {
        key: 'event',
        header: t('event'),
        value: (hit) => hit.event_id,
        cell: (hit) => <EventLink id={hit.event_id} />,
        width: 150,
      },
      {
        key: 'mode',
        header: t('mode'),
        value: (hit) => t(`hit_${hit.mode}`),
        width: 110,
      },
      {
        key: 'done',
        header: t('done'),
        value: (hit) => hit.acted,
        cell: (hit) => doneWord(t, hit.acted),
        width: 130,
      },
      {
        key: 'because',
        header: t('because'),
        value: (hit) => becauseOf(hit),
        cell: (hit) => (
          <span className="mono" title={becauseOf(hit)}>
            {becauseOf(hit)}
          </span>
        ),
        width: 380,
      },
      { key: 'version', header: t('version'), align: 'end', value: (hit) => hit.version, width: 90 },
    ],
    [t, formats],
  );
}

export function EventLink({ id }: { readonly id: string }) {
  if (!id.startsWith('req_')) return <span className="mono">{shortId(id)}</span>;
  return (
    <Link to="/events/$id" params={{ id }} className="link mono">
      {shortId(id)}
    </Link>
  );
}

type T = Translate<keyof (typeof rulesTexts)['en']>;

function doneWord(t: T, acted: string | null): string {
  if (acted === null) return t('done_nothing');
  const known = (['signal', 'case', 'throttle', 'hold', 'refuse'] as const).find((one) => one === acted);
  return known === undefined ? acted : t(`do_${known}`);
}

function becauseOf({ clauses }: Hit): string {
  return clauses
    .map(({ text, values }) => {
      const known = values.map(({ name, value }) => `${name} = ${value}`).join(', ');
      return known === '' ? text : `${text} (${known})`;
    })
    .join('; ');
}
