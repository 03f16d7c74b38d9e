import { Alert, Button, Checkbox } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { AmountField, readAmount, useAmountCheck } from '../../../console/components/amount-field.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import {
  type PortalPaymentView,
  portalStartedView,
  type TopupTermsView,
} from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { creditTexts } from './credit-texts.ts';

type Driver = TopupTermsView['drivers'][number];
interface Order {
  readonly credit_nano: string;
  readonly driver: Driver;
  readonly save_method: boolean;
}

/** Buys credit: by card on the page of the payment service, or by an invoice. */
export function TopupPanel({ terms }: { readonly terms: TopupTermsView }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const check = useAmountCheck();
  const [ordered, setOrdered] = useState<PortalPaymentView | null>(null);
  const form = useForm({ initialValues: { amount: '20', save: false }, validate: { amount: check } });
  const order = useApiChange(
    (body: Order) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/top-ups`,
      body,
      answer: portalStartedView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: ({ payment, url }) => {
        if (url === null) setOrdered(payment);
        else window.location.assign(url);
      },
    },
  );
  const buy = (driver: Driver) => (fields: { amount: string; save: boolean }) =>
    void order.run({
      credit_nano: readAmount(fields.amount) ?? '',
      driver,
      save_method: driver === 'stripe' && fields.save,
    });
  const [first = 'manual'] = terms.drivers;
  const bounds = { min: formats.money(terms.min_nano), max: formats.money(terms.max_nano) };
  const note =
    terms.tax_bp === 0
      ? t('top_up_note_untaxed', bounds)
      : t('top_up_note', { ...bounds, tax: formats.share(terms.tax_bp / 10_000) });
  return (
    <Panel title={t('top_up')}>
      <form className="page" noValidate onSubmit={form.onSubmit(buy(first))}>
        <AmountField label={t('amount')} description={note} {...form.getInputProps('amount')} />
        {terms.drivers.includes('stripe') ? (
          <Checkbox label={t('save_card')} {...form.getInputProps('save', { type: 'checkbox' })} />
        ) : null}
        <FormError error={order.error} />
        {ordered === null ? null : <Ordered payment={ordered} />}
        <div className="row">
          {terms.drivers.map((driver) => (
            <Button
              key={driver}
              type={driver === first ? 'submit' : 'button'}
              variant={driver === first ? 'filled' : 'default'}
              loading={order.running}
              {...(driver !== first && { onClick: () => form.onSubmit(buy(driver))() })}
            >
              {t(`by_${driver}`)}
            </Button>
          ))}
        </div>
      </form>
    </Panel>
  );
}

/** An invoice to be paid: how much, and the reference it is known by. */
function Ordered({ payment }: { readonly payment: PortalPaymentView }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const amount = formats.money(payment.amount_nano);
  return (
    <Alert
      role="status"
      variant="outline"
      color="var(--candor-good)"
      icon={<StatusIcon status="good" size={18} />}
      p="sm"
      title={t('ordered', { amount: formats.money(payment.credit_nano) })}
    >
      {t('ordered_note', { amount, id: payment.id })} <CopyId id={payment.id} />
    </Alert>
  );
}
