import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { formatUsd } from '../../../src/base/money.ts';
import { portalModelsView, type PortalModelsView } from '../../../src/portal/models/contract.ts';
import { useAccount } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { modelsTexts } from './models-texts.ts';

type Row = PortalModelsView['data'][number];
type Rate = keyof Row['prices'][number];

/** Models the account may use and what they cost it. */
export function ModelsPage() {
  const t = useTexts(modelsTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/models`, answer: portalModelsView });
  const columns = useColumns();
  const varies = state.data?.data.some(({ prices }) => prices.length > 1) === true;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      {state.data?.free_of_charge === true ? <p className="developer-line">{t('free')}</p> : null}
      <Panel padded={false}>
        <ApiTable
          label={t('title')}
          state={{ ...state, data: state.data?.data }}
          columns={columns}
          rowId={(row) => row.model}
          searchable
          empty={<EmptyState title={t('none')}>{t('none_note')}</EmptyState>}
        />
      </Panel>
      {varies ? <p className="developer-line dimmed">{t('varies')}</p> : null}
    </div>
  );
}

/** What a class is charged as that has no rate of its own. */
const CHARGED_AS: Partial<Record<Rate, Rate>> = { cache_read_nano: 'input_nano', reasoning_nano: 'output_nano' };

/** The dearest of what may be charged; null where there is no price. */
function dearest(row: Row, rate: Rate): bigint | null {
  return row.prices.reduce<bigint | null>((most, prices) => {
    const own = prices[rate] ?? prices[CHARGED_AS[rate] ?? rate];
    return own !== null && (most === null || BigInt(own) > most) ? BigInt(own) : most;
  }, null);
}

function useColumns(): readonly Column<Row>[] {
  const t = useTexts(modelsTexts);
  const formats = useFormats();
  return useMemo(() => {
    const price = (
      key: 'input' | 'cached' | 'output' | 'reasoning' | 'image' | 'request',
      rate: Rate,
      hidden = false,
    ): Column<Row> => ({
      key,
      header: t(key),
      align: 'end',
      value: (row) => dearest(row, rate),
      saved: (row) => usdOrNull(dearest(row, rate)),
      cell: (row) => formats.money(dearest(row, rate)),
      width: 120,
      hidden,
    });
    const size = (key: 'context' | 'output_max', of: (row: Row) => number | null): Column<Row> => ({
      key,
      header: t(key),
      align: 'end',
      value: of,
      cell: (row) => formats.compact(of(row)),
      width: 120,
    });
    return [
      {
        key: 'model',
        header: t('model'),
        value: (row) => row.model,
        cell: (row) => <ModelName row={row} />,
        width: 230,
      },
      price('input', 'input_nano'),
      price('cached', 'cache_read_nano'),
      price('output', 'output_nano'),
      price('reasoning', 'reasoning_nano', true),
      price('image', 'image_nano', true),
      price('request', 'request_nano', true),
      size('context', (row) => row.context_tokens),
      size('output_max', (row) => row.output_tokens_max),
      { key: 'by', header: t('by'), value: (row) => row.owned_by, width: 120 },
    ];
  }, [t, formats]);
}

function usdOrNull(nano: bigint | null): string | null {
  return nano === null ? null : formatUsd(nano);
}

function ModelName({ row }: { readonly row: Row }) {
  const t = useTexts(modelsTexts);
  return (
    <span className="row" style={{ flexWrap: 'nowrap', gap: 8 }}>
      <CopyId id={row.model}>
        <span className="mono">{row.model}</span>
      </CopyId>
      {row.prices.length === 0 ? <StatusText status="warn">{t('unpriced')}</StatusText> : null}
      {row.estimated ? <StatusText status="none">{t('estimated')}</StatusText> : null}
    </span>
  );
}
