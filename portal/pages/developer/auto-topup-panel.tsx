import { Button } from '@mantine/core';
import { useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { AmountField, readAmount, useAmountCheck } from '../../../console/components/amount-field.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { formatUsd } from '../../../src/base/money.ts';
import { portalAutoTopupView, type TopupTermsView } from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { creditTexts } from './credit-texts.ts';

type Auto = NonNullable<TopupTermsView['auto']>;

/** Credit that is bought by itself when it runs low. */
export function AutoTopupPanel({ terms: { auto } }: { readonly terms: TopupTermsView }) {
  const t = useTexts(creditTexts);
  return (
    <Panel title={t('auto')}>
      <div className="page">
        <p className="developer-line dimmed">{t('auto_note')}</p>
        {auto === null ? null : <AutoState auto={auto} />}
        <AutoForm key={auto?.state ?? 'none'} auto={auto} />
      </div>
    </Panel>
  );
}

const STATUS_OF = { on: 'good', off: 'none', disabled: 'bad' } as const;

function AutoState({ auto }: { readonly auto: Auto }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  return (
    <div>
      <StatusText status={STATUS_OF[auto.state]}>{t(`auto_state_${auto.state}`)}</StatusText>
      {auto.state === 'on' ? (
        <p className="developer-line">
          {t('auto_told', {
            threshold: formats.money(auto.threshold_nano),
            credit: formats.money(auto.credit_nano),
            method: auto.method,
            spent: formats.money(auto.spent_nano),
            cap: formats.money(auto.monthly_cap_nano),
          })}
        </p>
      ) : null}
    </div>
  );
}

interface AutoFields {
  readonly threshold: string;
  readonly credit: string;
  readonly cap: string;
}

function AutoForm({ auto }: { readonly auto: Auto | null }) {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const check = useAmountCheck();
  const path = apiPath`/portal/v1/accounts/${id}/auto-top-up`;
  const shown = (nano: string | undefined, otherwise: string) =>
    nano === undefined ? otherwise : formatUsd(BigInt(nano));
  const form = useForm<AutoFields>({
    initialValues: {
      threshold: shown(auto?.threshold_nano, '5'),
      credit: shown(auto?.credit_nano, '20'),
      cap: shown(auto?.monthly_cap_nano, '100'),
    },
    validate: { threshold: check, credit: check, cap: check },
  });
  const set = useApiChange(
    ({ threshold, credit, cap }: AutoFields) => ({
      method: 'PUT' as const,
      path,
      body: {
        threshold_nano: readAmount(threshold),
        credit_nano: readAmount(credit),
        monthly_cap_nano: readAmount(cap),
      },
      answer: portalAutoTopupView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('auto_saved')) },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((values) => void set.run(values))}>
      <div className="columns" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))' }}>
        <AmountField label={t('auto_threshold')} {...form.getInputProps('threshold')} />
        <AmountField label={t('auto_credit')} {...form.getInputProps('credit')} />
        <AmountField label={t('auto_cap')} {...form.getInputProps('cap')} />
      </div>
      <FormError error={set.error} />
      <div className="row">
        <Button variant="default" type="submit" loading={set.running}>
          {t(auto?.state === 'on' ? 'auto_change' : 'auto_set')}
        </Button>
        {auto?.state === 'on' ? <OffButton path={path} /> : null}
      </div>
    </form>
  );
}

function OffButton({ path }: { readonly path: string }) {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const onError = useErrorToast();
  const off = useApiChange(() => ({ method: 'DELETE' as const, path, answer: portalAutoTopupView }), {
    refresh: [apiPath`/portal/v1/accounts/${id}`],
    onDone: () => toast('good', t('auto_ended')),
    onError,
  });
  return (
    <Button variant="subtle" loading={off.running} onClick={() => void off.run(undefined)}>
      {t('auto_off')}
    </Button>
  );
}
