import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { z } from 'zod';
import { CODES_PER_BATCH_MAX, madeBatchView } from '../../../src/people/door/contract.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { signUpTexts } from './sign-up-texts.ts';

const DAY_MS = 86_400_000;
const DAYS_MAX = 365;
const DAYS = 30;

interface BatchFormProps {
  readonly plans: readonly string[];
  readonly onMade: (batch: z.infer<typeof madeBatchView>) => void;
}

/** What a batch of invitations is for, how many, and how long they are good. */
export function BatchForm({ plans, onMade }: BatchFormProps) {
  const t = useTexts(signUpTexts);
  const isCount = (given: number | string, max: number) =>
    Number.isInteger(given) && Number(given) >= 1 && Number(given) <= max;
  const form = useForm<{
    name: string;
    plan: string | null;
    codes: number | string;
    uses: number | string;
    days: number | string;
  }>({
    initialValues: { name: '', plan: null, codes: 10, uses: 1, days: DAYS },
    validate: {
      name: (name) => (name.trim() === '' ? t('name_bad') : null),
      codes: (given) => (isCount(given, CODES_PER_BATCH_MAX) ? null : t('number_bad')),
      uses: (given) => (isCount(given, 100_000) ? null : t('number_bad')),
      days: (given) => (isCount(given, DAYS_MAX) ? null : t('days_bad')),
    },
  });
  const make = useApiChange(
    ({ name, plan, codes, uses, days }: typeof form.values) => ({
      method: 'POST',
      path: '/control/v1/sign-up/batches',
      body: {
        name: name.trim(),
        plan,
        codes,
        uses_each: uses,
        expires_at: new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
      },
      answer: madeBatchView,
    }),
    { refresh: ['/control/v1/sign-up/batches'], onDone: onMade },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void make.run(fields))}>
      <TextInput label={t('name')} maxLength={100} autoComplete="off" {...form.getInputProps('name')} />
      <Select label={t('plan')} clearable placeholder={t('any')} data={[...plans]} {...form.getInputProps('plan')} />
      <NumberInput label={t('codes')} min={1} max={CODES_PER_BATCH_MAX} {...form.getInputProps('codes')} />
      <NumberInput label={t('uses_each')} min={1} {...form.getInputProps('uses')} />
      <NumberInput label={t('days')} min={1} max={DAYS_MAX} {...form.getInputProps('days')} />
      <FormError error={make.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={make.running}>
          {t('make_batch')}
        </Button>
      </div>
    </form>
  );
}
