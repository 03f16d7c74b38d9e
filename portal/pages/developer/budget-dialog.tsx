import { Button, Modal, Select } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import type { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { type ApiChange, useApiChange } from '../../../console/api/queries.ts';
import { AmountField, readAmount, useAmountCheck } from '../../../console/components/amount-field.tsx';
import { useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { formatUsd } from '../../../src/base/money.ts';
import { BUDGET_ACTIONS, BUDGET_PERIODS } from '../../../src/ledger/budgets/contract.ts';
import {
  type portalBudgetBody,
  portalBudgetView,
  type PortalBudgetView,
} from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useSubjects } from '../../components/developer/use-subjects.ts';
import { FormError } from '../../components/form-error.tsx';
import { limitsTexts } from './limits-texts.ts';

const KINDS = ['account', 'key', 'app', 'member'] as const;
type Kind = (typeof KINDS)[number];
type Body = z.input<typeof portalBudgetBody>;

/** Makes or changes a budget. */
export function useSetBudget(onDone: () => void): ApiChange<Body, PortalBudgetView> {
  const { id } = useAccount();
  return useApiChange(
    (body: Body) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/budgets`,
      body,
      answer: portalBudgetView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone },
  );
}

interface BudgetDialogProps {
  readonly opened: boolean;
  /** What is changed; null for a new one. */
  readonly budget: PortalBudgetView | null;
  readonly onClose: () => void;
}

export function BudgetDialog({ opened, budget, onClose }: BudgetDialogProps) {
  const t = useTexts(limitsTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t(budget === null ? 'new_budget' : 'change')}>
      <BudgetForm budget={budget} onClose={onClose} />
    </Modal>
  );
}

interface BudgetFields {
  kind: Kind;
  subject: string | null;
  limit: string;
  period: (typeof BUDGET_PERIODS)[number];
  action: (typeof BUDGET_ACTIONS)[number];
}

function useBudgetForm(budget: PortalBudgetView | null): UseFormReturnType<BudgetFields> {
  const t = useTexts(limitsTexts);
  const check = useAmountCheck();
  return useForm<BudgetFields>({
    initialValues: {
      kind: budget?.subject ?? 'account',
      subject: budget?.subject_id ?? null,
      limit: budget === null ? '' : formatUsd(BigInt(budget.limit_nano)),
      period: budget?.period ?? 'month',
      action: budget?.action ?? 'stop',
    },
    validate: {
      subject: (subject, { kind }) => (kind !== 'account' && subject === null ? t('required') : null),
      limit: check,
    },
  });
}

function BudgetForm({ budget, onClose }: Omit<BudgetDialogProps, 'opened'>) {
  const t = useTexts(limitsTexts);
  const form = useBudgetForm(budget);
  const set = useSetBudget(() => {
    toast('good', t('saved'));
    onClose();
  });
  return (
    <form
      className="page"
      noValidate
      onSubmit={form.onSubmit((fields) => void set.run(bodyOf(fields, budget?.alert_at ?? null)))}
    >
      {budget === null ? <SubjectFields form={form} /> : null}
      <AmountField label={t('limit_usd')} data-autofocus {...form.getInputProps('limit')} />
      {budget === null ? (
        <Select
          label={t('period')}
          description={t('day_note')}
          allowDeselect={false}
          data={BUDGET_PERIODS.map((one) => ({ value: one, label: t(`period_${one}`) }))}
          {...form.getInputProps('period')}
        />
      ) : null}
      <Select
        label={t('action')}
        allowDeselect={false}
        data={BUDGET_ACTIONS.map((one) => ({ value: one, label: t(`action_${one}`) }))}
        {...form.getInputProps('action')}
      />
      <FormError error={set.error} />
      <div className="row developer-end">
        <Button type="submit" loading={set.running}>
          {t('set')}
        </Button>
      </div>
    </form>
  );
}

function SubjectFields({ form }: { readonly form: UseFormReturnType<BudgetFields> }) {
  const t = useTexts(limitsTexts);
  const { kind: ofAccount } = useAccount();
  const { kind } = form.values;
  const subjects = useSubjects();
  const offered = KINDS.filter((one) => one !== 'member' || ofAccount === 'workspace');
  return (
    <>
      <Select
        label={t('kind')}
        allowDeselect={false}
        data={offered.map((one) => ({ value: one, label: t(`kind_choice_${one}`) }))}
        value={kind}
        onChange={(next) => form.setValues({ kind: KINDS.find((one) => one === next) ?? 'account', subject: null })}
      />
      {kind === 'account' ? null : (
        <Select
          label={t(`kind_choice_${kind}`)}
          placeholder={t('choose')}
          searchable
          data={subjects[kind]}
          {...form.getInputProps('subject')}
        />
      )}
    </>
  );
}

function bodyOf({ kind, subject, limit, period, action }: BudgetFields, alertAt: number[] | null): Body {
  return {
    key_id: kind === 'key' ? subject : null,
    app: kind === 'app' ? subject : null,
    member: kind === 'member' ? subject : null,
    limit_nano: readAmount(limit) ?? '',
    period,
    action,
    ...(alertAt !== null && { alert_at: alertAt }),
  };
}
