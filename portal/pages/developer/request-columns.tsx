import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useDimensionWords } from '../../../console/components/dimension-words.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { moneyColumn } from '../../../console/ui/money-column.tsx';
import { OutcomeBadge } from '../../../console/ui/outcome-badge.tsx';
import { longTextColumn } from '../../../console/ui/usual-columns.tsx';
import type { PortalRequestRow } from '../../../src/portal/usage/contract.ts';
import { useReasonWords } from '../../components/developer/reason-words.ts';
import { requestsTexts } from './requests-texts.ts';

/** The columns of single requests. */
export function useRequestColumns(withMember: boolean): readonly Column<PortalRequestRow>[] {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  const words = useDimensionWords();
  const reasons = useReasonWords();
  return useMemo(() => {
    const count = (
      key: 'input' | 'output',
      of: (row: PortalRequestRow) => number | null,
    ): Column<PortalRequestRow> => ({
      key,
      header: t(`col_${key}`),
      align: 'end',
      value: of,
      cell: (row) => formats.number(of(row)),
      width: 110,
    });
    const time = (
      key: 'first_token' | 'total',
      of: (row: PortalRequestRow) => number | null,
    ): Column<PortalRequestRow> => ({
      key,
      header: t(`col_${key}`),
      align: 'end',
      value: of,
      cell: (row) => formats.duration(of(row)),
      width: 100,
    });
    const member = longTextColumn<PortalRequestRow>({
      key: 'member',
      header: t('col_member'),
      text: (row) => row.member_name ?? row.member,
      width: 130,
    });
    return [
      {
        key: 'at',
        header: t('col_at'),
        value: (row) => row.at,
        cell: (row) => (
          <Link to="/requests/$id" params={{ id: row.id }} className="link nowrap">
            {formats.shortTime(row.at)}
          </Link>
        ),
        width: 150,
      },
      {
        key: 'outcome',
        header: t('col_outcome'),
        value: (row) => row.outcome,
        cell: (row) => <OutcomeBadge outcome={row.outcome} />,
        width: 120,
      },
      longTextColumn<PortalRequestRow>({ key: 'model', header: t('col_model'), text: (row) => row.model, width: 130 }),
      longTextColumn<PortalRequestRow>({
        key: 'app',
        header: t('col_app'),
        text: (row) => words('app', row.app, { app: { [row.app]: row.app_name } }),
        width: 130,
      }),
      longTextColumn<PortalRequestRow>({
        key: 'key',
        header: t('col_key'),
        text: (row) => row.key_name ?? row.key,
        width: 130,
      }),
      ...(withMember ? [member] : []),
      count('input', (row) => row.input_tokens),
      count('output', (row) => row.output_tokens),
      moneyColumn<PortalRequestRow>({
        key: 'price',
        header: t('col_price'),
        nano: (row) => row.price_nano,
        width: 105,
      }),
      time('total', (row) => row.total_ms),
      longTextColumn<PortalRequestRow>({
        key: 'reason',
        header: t('col_reason'),
        text: (row) => (row.reason === null ? null : reasons(row.reason)),
        width: 260,
      }),
      { ...time('first_token', (row) => row.first_token_ms), hidden: true },
      { key: 'status', header: t('col_status'), value: (row) => row.status, align: 'end', width: 80, hidden: true },
      longTextColumn<PortalRequestRow>({
        key: 'end_user',
        header: t('col_end_user'),
        text: (row) => row.end_user,
        hidden: true,
      }),
      { key: 'client', header: t('col_client'), value: (row) => row.client_class, hidden: true },
      { key: 'network', header: t('col_network'), value: (row) => row.network_prefix, hidden: true },
    ];
  }, [t, formats, words, reasons, withMember]);
}
