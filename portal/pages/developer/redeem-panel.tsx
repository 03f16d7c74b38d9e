import { Button, TextInput } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { AmountField, readAmount, useAmountCheck } from '../../../console/components/amount-field.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { formatUsd } from '../../../src/base/money.ts';
import { portalLowBalanceView, portalRedeemedView } from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { creditTexts } from './credit-texts.ts';

/** Takes in a code that is worth credit. */
export function RedeemPanel() {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const form = useForm({ initialValues: { code: '' }, validate: { code: isNotEmpty(t('required')) } });
  const redeem = useApiChange(
    (body: { readonly code: string }) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/redeem`,
      body: { code: body.code.trim() },
      answer: portalRedeemedView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: ({ credit_nano: credit }) => {
        form.reset();
        toast('good', t('redeemed', { amount: formats.money(credit) }));
      },
    },
  );
  return (
    <Panel title={t('redeem')}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void redeem.run(values))}>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput
            label={t('code')}
            autoComplete="off"
            style={{ flex: '1 1 180px' }}
            {...form.getInputProps('code')}
          />
          <Button variant="default" type="submit" loading={redeem.running}>
            {t('redeem_now')}
          </Button>
        </div>
        <FormError error={redeem.error} />
      </form>
    </Panel>
  );
}

/** Says below what credit is low. */
export function LowBalancePanel({ threshold }: { readonly threshold: string | null }) {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const check = useAmountCheck();
  const form = useForm({
    initialValues: { amount: threshold === null ? '' : formatUsd(BigInt(threshold)) },
    validate: { amount: (text) => (text.trim() === '' ? null : check(text)) },
  });
  const save = useApiChange(
    ({ amount }: { readonly amount: string }) => ({
      method: 'PUT' as const,
      path: apiPath`/portal/v1/accounts/${id}/low-balance`,
      body: { threshold_nano: amount.trim() === '' ? null : readAmount(amount) },
      answer: portalLowBalanceView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('low_saved')) },
  );
  return (
    <Panel title={t('low')}>
      <form className="page" noValidate onSubmit={form.onSubmit((values) => void save.run(values))}>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <AmountField
            label={t('amount')}
            description={t('low_note')}
            style={{ flex: '1 1 180px' }}
            {...form.getInputProps('amount')}
          />
          <Button variant="default" type="submit" loading={save.running}>
            {t('low_save')}
          </Button>
        </div>
        <FormError error={save.error} />
      </form>
    </Panel>
  );
}
