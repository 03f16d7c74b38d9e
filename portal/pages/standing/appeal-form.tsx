import { Button, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ApiError } from '../../../console/api/api-error.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { FormError } from '../../components/form-error.tsx';
import { decisionTexts } from './decision-texts.ts';

const CHARS_MAX = 4_000;

interface AppealFormProps {
  readonly untilAt: string | null;
  readonly error: ApiError | null;
  readonly running: boolean;
  readonly onSend: (text: string) => void;
}

/** Where somebody says what is wrong with a decision. */
export function AppealForm({ untilAt, error, running, onSend }: AppealFormProps) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const form = useForm({
    initialValues: { text: '' },
    validate: { text: (text) => (text.trim() === '' || text.length > CHARS_MAX ? t('contest_bad') : null) },
  });
  return (
    <form className="page" onSubmit={form.onSubmit(({ text }) => onSend(text.trim()))}>
      <p className="developer-line">
        {t('contest_note')} {untilAt === null ? null : t('contest_until', { date: formats.date(untilAt) })}
      </p>
      <Textarea
        label={t('contest_field')}
        placeholder={t('contest_placeholder')}
        description={t('words_count', { count: formats.number(form.values.text.length) })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        minRows={5}
        maxRows={18}
        maxLength={CHARS_MAX}
        withAsterisk
        {...form.getInputProps('text')}
      />
      <FormError error={error} />
      <div className="row">
        <Button type="submit" loading={running}>
          {t('contest_send')}
        </Button>
      </div>
    </form>
  );
}
