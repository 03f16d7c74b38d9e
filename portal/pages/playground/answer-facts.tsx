import { Popover, UnstyledButton } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { type ReactNode, useEffect, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { type PortalReceiptView, portalReceiptView } from '../../../src/portal/usage/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { playgroundTexts } from './playground-texts.ts';

/** The receipt is booked a moment after the last word; milliseconds between looks, and how many. */
const AGAIN_MS = 400;
const LOOKS_MAX = 10;

interface AnswerFactsProps {
  readonly requestId: string;
  readonly tookMs: number | null;
  /** What else can be done with the answer. */
  readonly children: ReactNode;
}

/** Tokens, time and price of one answer, from its receipt, which opens. */
export function AnswerFacts({ requestId, tookMs, children }: AnswerFactsProps) {
  const t = useTexts(playgroundTexts);
  const formats = useFormats();
  const receipt = useReceipt(requestId);
  if (receipt === undefined) {
    return (
      <p className="turn-facts dimmed">
        <span>{`${formats.duration(tookMs)} · ${t('price_pending')}`}</span>
        {children}
      </p>
    );
  }
  const { input_tokens: input, output_tokens: output } = receipt.request;
  const facts = t('facts', { input: formats.number(input), output: formats.number(output) });
  return (
    <p className="turn-facts">
      <span>{facts}</span>
      <span>{t('answered', { time: formats.duration(tookMs), price: formats.money(receipt.price_nano) })}</span>
      <Popover position="bottom-start" withArrow width={340} trapFocus>
        <Popover.Target>
          <UnstyledButton className="link turn-receipt">
            <IconReceipt size={15} stroke={1.7} aria-hidden />
            {t('receipt')}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('receipt')}>
          <Lines receipt={receipt} />
        </Popover.Dropdown>
      </Popover>
      {children}
    </p>
  );
}

function useReceipt(requestId: string): PortalReceiptView | undefined {
  const account = useAccount();
  const [looks, setLooks] = useState(0);
  const state = useApi({
    path: apiPath`/portal/v1/accounts/${account.id}/requests/${requestId}`,
    answer: portalReceiptView,
  });
  const { data, error, retry } = state;
  const again = data === undefined && error !== null && looks < LOOKS_MAX;
  useEffect(() => {
    if (!again) return;
    const timer = setTimeout(() => {
      setLooks((count) => count + 1);
      retry();
    }, AGAIN_MS);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react/exhaustive-deps -- `retry` is new at each render and would start the time anew
  }, [again, looks]);
  return data;
}

function Lines({ receipt }: { readonly receipt: PortalReceiptView }) {
  const t = useTexts(playgroundTexts);
  const formats = useFormats();
  if (receipt.lines.length === 0) return <p className="form-card-note">{t('free')}</p>;
  return (
    <KeyValues
      items={[
        ...receipt.lines
          .filter(({ amount_nano }) => Number(amount_nano) !== 0)
          .map(
            ({ what, quantity, amount_nano }) =>
              [
                quantity === null ? t(`line_${what}`) : `${t(`line_${what}`)} × ${formats.number(quantity)}`,
                usdOf(formats.language, amount_nano),
              ] as const,
          ),
        [t('total'), <strong key="total">{formats.moneyExact(receipt.price_nano)}</strong>] as const,
      ]}
    />
  );
}

/** A line may hold parts of a nano-dollar, which amounts of money have not. */
function usdOf(language: string, nano: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency: 'USD', maximumFractionDigits: 12 });
  return format.format(Number(nano) / 1e9);
}
