import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type DimensionWords, useDimensionWords } from '../../../console/components/dimension-words.ts';
import type { Formats } from '../../../console/locales/formats.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Translate } from '../../../console/locales/translate.ts';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { moneyColumn } from '../../../console/ui/money-column.tsx';
import { OutcomeBadge } from '../../../console/ui/outcome-badge.tsx';
import { longTextColumn } from '../../../console/ui/usual-columns.tsx';
import type { PortalRequestRow } from '../../../src/portal/usage/contract.ts';
import { useReasonWords } from '../../components/developer/reason-words.ts';
import { requestsTexts } from './requests-texts.ts';

type RequestColumn = Column<PortalRequestRow>;
type Words = Translate<keyof (typeof requestsTexts)['en']>;

interface RequestColumnsOptions {
  readonly withMember: boolean;
  /** Why they ended stands beside how, where that is what is looked for. */
  readonly reasonFirst: boolean;
}

/** The columns of single requests. */
export function useRequestColumns({ withMember, reasonFirst }: RequestColumnsOptions): readonly RequestColumn[] {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  const words = useDimensionWords();
  const reasons = useReasonWords();
  return useMemo(() => {
    const reason = longTextColumn<PortalRequestRow>({
      key: 'reason',
      header: t('col_reason'),
      text: (row) => (row.reason === null ? null : reasons(row.reason)),
      width: 330,
    });
    const [at, outcome, ...whose] = whoseColumns(t, formats, words, withMember);
    return [
      ...[at, outcome].filter((column) => column !== undefined),
      ...(reasonFirst ? [reason] : []),
      ...whose,
      ...measuredColumns(t, formats),
      ...(reasonFirst ? [] : [reason]),
      ...hiddenColumns(t),
    ];
  }, [t, formats, words, reasons, withMember, reasonFirst]);
}

function whoseColumns(t: Words, formats: Formats, words: DimensionWords, withMember: boolean): RequestColumn[] {
  const text = (key: 'model' | 'app' | 'key' | 'member', of: (row: PortalRequestRow) => string | null) =>
    longTextColumn<PortalRequestRow>({ key, header: t(`col_${key}`), text: of, width: 130 });
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
      width: 168,
    },
    {
      key: 'outcome',
      header: t('col_outcome'),
      value: (row) => row.outcome,
      cell: (row) => <OutcomeBadge outcome={row.outcome} />,
      width: 120,
    },
    text('model', (row) => row.model),
    text('app', (row) => appOf(row, words)),
    text('key', (row) => row.key_name ?? row.key),
    ...(withMember ? [text('member', (row) => row.member_name ?? row.member)] : []),
  ];
}

/** The app of a request by its name; one that nobody named as other pages call it. */
export function appOf({ app, app_name: name }: PortalRequestRow, words: DimensionWords): string {
  return name === app ? words('app', app) : name;
}

function measuredColumns(t: Words, formats: Formats): RequestColumn[] {
  const count = (key: 'input' | 'output', of: (row: PortalRequestRow) => number | null): RequestColumn => ({
    key,
    header: t(`col_${key}`),
    align: 'end',
    value: of,
    cell: (row) => formats.number(of(row)),
    width: 124,
  });
  const time = (key: 'first_token' | 'total', of: (row: PortalRequestRow) => number | null): RequestColumn => ({
    key,
    header: t(`col_${key}`),
    align: 'end',
    value: of,
    cell: (row) => formats.duration(of(row)),
    width: 105,
    hidden: key === 'first_token',
  });
  return [
    count('input', (row) => row.input_tokens),
    count('output', (row) => row.output_tokens),
    moneyColumn<PortalRequestRow>({ key: 'price', header: t('col_price'), nano: (row) => row.price_nano, width: 105 }),
    time('total', (row) => row.total_ms),
    time('first_token', (row) => row.first_token_ms),
  ];
}

function hiddenColumns(t: Words): RequestColumn[] {
  return [
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
}
