import { Button, Modal, Select, Textarea, UnstyledButton } from '@mantine/core';
import { isNotEmpty, useForm } from '@mantine/form';
import { IconFlag } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { reportView } from '../../../src/enforcement/reports/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { reportTexts } from './report-texts.ts';

const CATEGORIES = reportView.shape.category.options;
const CHARS_MAX = 1_000;

/** Beside an answer: the way to say that something is wrong with it. */
export function ReportAnswer({ requestId }: { readonly requestId: string }) {
  const t = useTexts(reportTexts);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <UnstyledButton className="link turn-receipt" onClick={() => setOpened(true)}>
        <IconFlag size={15} stroke={1.7} aria-hidden />
        {t('report')}
      </UnstyledButton>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('title')}>
        <ReportForm requestId={requestId} onDone={() => setOpened(false)} />
      </Modal>
    </>
  );
}

interface ReportFormProps {
  readonly requestId: string;
  readonly onDone: () => void;
}

function ReportForm({ requestId, onDone }: ReportFormProps) {
  const t = useTexts(reportTexts);
  const { id } = useAccount();
  const form = useForm<{ category: string | null; text: string }>({
    initialValues: { category: null, text: '' },
    validate: { category: isNotEmpty(t('required')) },
  });
  const report = useApiChange(
    ({ category, text }: typeof form.values) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/reports`,
      body: { request_id: requestId, category, text },
      answer: reportView,
    }),
    {
      onDone: ({ repeated }) => {
        toast('good', t(repeated ? 'repeated' : 'sent'));
        onDone();
      },
    },
  );
  return (
    <form className="page" onSubmit={form.onSubmit((values) => void report.run(values))}>
      <p className="form-card-note">{t('note')}</p>
      <Select
        label={t('category')}
        placeholder={t('choose')}
        data={CATEGORIES.map((category) => ({ value: category, label: t(category) }))}
        withAsterisk
        {...form.getInputProps('category')}
      />
      <Textarea
        label={t('text')}
        description={t('text_note')}
        autosize
        minRows={3}
        maxRows={8}
        maxLength={CHARS_MAX}
        {...form.getInputProps('text')}
      />
      <FormError error={report.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button variant="default" onClick={onDone}>
          {t('cancel')}
        </Button>
        <Button type="submit" loading={report.running}>
          {t('send')}
        </Button>
      </div>
    </form>
  );
}
