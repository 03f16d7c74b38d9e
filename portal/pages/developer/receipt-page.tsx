import { Alert, Table } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useDimensionWords } from '../../../console/components/dimension-words.ts';
import type { Formats } from '../../../console/locales/formats.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { OutcomeBadge } from '../../../console/ui/outcome-badge.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { portalReceiptView, type PortalReceiptView } from '../../../src/portal/usage/contract.ts';
import { useAccount } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { useReasonWords } from '../../components/developer/reason-words.ts';
import { appOf } from './request-columns.tsx';
import { requestsTexts } from './requests-texts.ts';

/** The receipt of one request: what it used, what the price is made of, which credit paid. */
export function ReceiptPage() {
  const t = useTexts(requestsTexts);
  const account = useAccount();
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/portal/v1/accounts/${account.id}/requests/${id}`, answer: portalReceiptView });
  const back = (
    <Link to="/requests" className="link">
      {t('back')}
    </Link>
  );
  return (
    <div className="page">
      <PageHeader title={t('receipt')} note={back} />
      {state.error?.kind === 'not_found' ? (
        <div className="panel">
          <EmptyState title={t('not_found')}>{t('not_found_note')}</EmptyState>
        </div>
      ) : (
        <ApiPart state={state}>{(receipt) => <Receipt receipt={receipt} />}</ApiPart>
      )}
    </div>
  );
}

function Receipt({ receipt }: { readonly receipt: PortalReceiptView }) {
  return (
    <>
      <Why receipt={receipt} />
      <div className="columns">
        <Facts receipt={receipt} />
        <Price receipt={receipt} />
      </div>
    </>
  );
}

function Why({ receipt: { request } }: { readonly receipt: PortalReceiptView }) {
  const words = useReasonWords();
  if (request.reason === null) return null;
  return (
    <Alert variant="outline" color="var(--candor-warn)" icon={<StatusIcon status="warn" size={18} />} p="sm">
      {words(request.reason)}
    </Alert>
  );
}

function Facts({ receipt: { request } }: { readonly receipt: PortalReceiptView }) {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  const words = useDimensionWords();
  const counted = (['reported', 'counted', 'estimated'] as const).find((one) => one === request.usage_source);
  const tokens = t('tokens_of', {
    input: formats.number(request.input_tokens),
    output: formats.number(request.output_tokens),
  });
  const member = request.member_name ?? request.member;
  return (
    <Panel title={t('facts')}>
      <KeyValues
        items={[
          [t('id'), <CopyId key="id" id={request.id} />],
          [t('col_at'), formats.time(request.at)],
          [t('col_outcome'), <OutcomeBadge key="outcome" outcome={request.outcome} />],
          [t('endpoint'), `${request.endpoint}${request.streamed ? ` · ${t('streamed')}` : ''}`],
          [t('col_model'), request.model ?? t('never')],
          [t('col_app'), appOf(request, words)],
          [t('col_key'), request.key_name ?? request.key ?? t('never')],
          ...(member === null ? [] : [[t('col_member'), member] as const]),
          [t('tokens'), counted === undefined ? tokens : `${tokens} · ${t(`counted_${counted}`)}`],
          [t('col_first_token'), formats.duration(request.first_token_ms)],
          [t('col_total'), formats.duration(request.total_ms)],
          [t('col_status'), String(request.status)],
          [t('col_client'), request.client_class],
        ]}
      />
    </Panel>
  );
}

function Price({ receipt }: { readonly receipt: PortalReceiptView }) {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  const { lines, written_off_nano: writtenOff } = receipt;
  return (
    <Panel title={t('price')}>
      <div className="page">
        {lines.length === 0 && receipt.price_nano === '0' ? (
          <p className="developer-line dimmed">{t('free')}</p>
        ) : (
          <Table.ScrollContainer minWidth={340} type="native" tabIndex={0}>
            <Lines receipt={receipt} />
          </Table.ScrollContainer>
        )}
        {receipt.exact || receipt.price_nano === '0' ? null : (
          <p className="developer-line dimmed">{t('estimated_note')}</p>
        )}
        {receipt.paid_by.length === 0 && writtenOff === '0' ? null : (
          <KeyValues
            items={[
              ...receipt.paid_by.map(
                ({ kind, amount_nano: amount }) =>
                  [t(kind === 'paid' ? 'paid_paid' : 'paid_promo'), formats.moneyExact(amount)] as const,
              ),
              ...(writtenOff === '0' ? [] : [[t('written_off'), formats.moneyExact(writtenOff)] as const]),
              ...receipt.corrections.map(
                ({ at, amount_nano: amount }) =>
                  [t('corrected', { date: formats.date(at) }), formats.moneyExact(amount)] as const,
              ),
            ]}
          />
        )}
      </div>
    </Panel>
  );
}

function Lines({ receipt: { lines, price_nano: price } }: { readonly receipt: PortalReceiptView }) {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('line')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('amount')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {lines.map((line) => (
          <Table.Tr key={line.what}>
            <Table.Td>
              {t(`what_${line.what}`)}
              <LineNote line={line} />
            </Table.Td>
            <Table.Td ta="end" className="nowrap">
              {dollars(line.amount_nano, formats)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
      <Table.Tfoot>
        <Table.Tr>
          <Table.Th scope="row">{t('total')}</Table.Th>
          <Table.Th ta="end" className="nowrap">
            {formats.moneyExact(price)}
          </Table.Th>
        </Table.Tr>
      </Table.Tfoot>
    </Table>
  );
}

/** How many of what at which price; nothing for what rounding added. */
function LineNote({ line: { what, quantity, rate_nano: rate } }: { readonly line: Line }) {
  const t = useTexts(requestsTexts);
  const formats = useFormats();
  if (what === 'margin') {
    return <div className="dimmed">{t('percent', { share: formats.share((quantity ?? 0) / 10_000) })}</div>;
  }
  if (rate === null) return null;
  const told = { count: formats.number(quantity), price: formats.moneyExact(rate) };
  return <div className="dimmed">{t(what === 'images' || what === 'request' ? 'each' : 'per_million', told)}</div>;
}

type Line = PortalReceiptView['lines'][number];

/** Whole nano-dollars are enough to read. */
function dollars(amount: string, formats: Formats): string {
  return formats.moneyExact(/^-?\d+/.exec(amount)?.[0] ?? '0');
}
