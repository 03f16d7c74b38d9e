import { Button, Modal, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { conductName, stepName, unitKind } from '../../../src/enforcement/contract.ts';
import { imposedView, type ImposeRequest, NOTE_CHARS_MAX } from '../../../src/enforcement/sanctions/contract.ts';
import { useApiChange } from '../../api/queries.ts';
import { AccountSelect } from '../../components/account-select.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { bodyOf, hasName, HOURS_MAX, type ImposeFields, isHours, toField } from './impose-fields.ts';
import { NoticePreview } from './notice-preview.tsx';
import { sanctionsTexts } from './sanctions-texts.ts';

const DAY_MS = 86_400_000;
const PREVIEW_WAIT_MS = 300;

interface ImposeDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Imposes a sanction, with what the person will read beside the form. */
export function ImposeDialog({ opened, onClose }: ImposeDialogProps) {
  const t = useTexts(sanctionsTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('impose_title')} size={1040}>
      <ImposeForm onDone={onClose} />
    </Modal>
  );
}

type Form = UseFormReturnType<ImposeFields>;

function ImposeForm({ onDone }: { readonly onDone: () => void }) {
  const t = useTexts(sanctionsTexts);
  const form = useImposeForm();
  const [settled] = useDebouncedValue(form.values, PREVIEW_WAIT_MS);
  const impose = useApiChange(
    (body: ImposeRequest) => ({
      method: 'POST',
      path: '/control/v1/enforcement/sanctions',
      body,
      answer: imposedView,
    }),
    {
      refresh: ['/control/v1/enforcement'],
      onDone: ({ waiting }) => {
        toast('good', t(waiting === null ? 'imposed' : 'asked_second'));
        onDone();
      },
    },
  );
  const send = (fields: ImposeFields) => {
    const body = bodyOf(fields);
    if (body !== null) void impose.run(body);
  };
  return (
    <form className="page" noValidate onSubmit={form.onSubmit(send)}>
      <span className="dimmed">{t('impose_note')}</span>
      <div className="columns">
        <Fields form={form} />
        <NoticePreview body={bodyOf(settled)} />
      </div>
      <FormError error={impose.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" color="danger" loading={impose.running}>
          {t('impose')}
        </Button>
      </div>
    </form>
  );
}

function useImposeForm(): Form {
  const t = useTexts(sanctionsTexts);
  const [nowMs] = useState(() => Date.now());
  const given = (text: string) => (text.trim() === '' ? t('required') : null);
  return useForm<ImposeFields>({
    initialValues: {
      account: null,
      kind: 'account',
      name: '',
      step: 'warning',
      conduct: 'circumvention',
      requests: 1,
      first: toField(nowMs - DAY_MS),
      last: toField(nowMs),
      hours: '',
      alternatives: '',
      note: '',
    },
    validate: {
      account: (account) => (account === null ? t('required') : null),
      name: (name, { kind }) => (hasName(kind) ? given(name) : null),
      requests: (count) => (Number.isInteger(count) && Number(count) >= 1 ? null : t('requests_bad')),
      first: given,
      last: (last, { first }) => given(last) ?? (Date.parse(last) < Date.parse(first) ? t('span_bad') : null),
      hours: (hours) => (isHours(hours) ? null : t('hours_bad')),
      alternatives: given,
    },
  });
}

function Fields({ form }: { readonly form: Form }) {
  const t = useTexts(sanctionsTexts);
  const words = useTexts(enforcementTexts);
  const { kind, account } = form.values;
  return (
    <div className="page">
      <AccountSelect
        label={t('account')}
        value={account}
        onChange={(id) => form.setFieldValue('account', id)}
        error={form.errors['account']}
      />
      <Select
        label={t('unit')}
        allowDeselect={false}
        data={unitKind.options.map((value) => ({ value, label: enforcementWord(words, 'unit', value) }))}
        {...form.getInputProps('kind')}
      />
      {hasName(kind) ? (
        <TextInput label={t(`name_${kind}`)} maxLength={128} autoComplete="off" {...form.getInputProps('name')} />
      ) : null}
      <Select
        label={t('step')}
        allowDeselect={false}
        data={stepName.options.map((value) => ({ value, label: enforcementWord(words, 'step', value) }))}
        {...form.getInputProps('step')}
      />
      <Select
        label={t('conduct')}
        allowDeselect={false}
        data={conductName.options.map((value) => ({ value, label: enforcementWord(words, 'conduct', value) }))}
        {...form.getInputProps('conduct')}
      />
      <NumberInput label={t('requests')} min={1} {...form.getInputProps('requests')} />
      <TextInput type="datetime-local" label={t('first')} {...form.getInputProps('first')} />
      <TextInput type="datetime-local" label={t('last')} {...form.getInputProps('last')} />
      <NumberInput
        label={t('hours')}
        description={t('hours_note')}
        min={1}
        max={HOURS_MAX}
        {...form.getInputProps('hours')}
      />
      <Textarea
        label={t('alternatives')}
        description={t('alternatives_note')}
        maxLength={NOTE_CHARS_MAX}
        autosize
        minRows={2}
        {...form.getInputProps('alternatives')}
      />
      <Textarea
        label={t('words')}
        description={t('words_note')}
        maxLength={NOTE_CHARS_MAX}
        autosize
        {...form.getInputProps('note')}
      />
    </div>
  );
}
