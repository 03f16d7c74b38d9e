import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { ONE_LINE } from '../../../src/base/one-line.ts';
import { cutOffReceiptView, type CutOffReceiptView } from '../../../src/portal/standing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { useSubjects } from '../../components/developer/use-subjects.ts';
import { FormError } from '../../components/form-error.tsx';
import { standingTexts } from './standing-texts.ts';

const KINDS = ['key', 'app', 'member', 'all'] as const;
type Kind = (typeof KINDS)[number];
const REASON_CHARS_MAX = 500;

interface StopDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStopped: (receipt: CutOffReceiptView) => void;
}

/** Stops a key, an app, a member or all of the account at once. */
export function StopDialog({ opened, onClose, onStopped }: StopDialogProps) {
  const t = useTexts(standingTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('dialog')}>
      <StopForm onStopped={onStopped} />
    </Modal>
  );
}

interface StopFields {
  kind: Kind;
  subject: string | null;
  reason: string;
  until: string;
}

function StopForm({ onStopped }: Pick<StopDialogProps, 'onStopped'>) {
  const t = useTexts(standingTexts);
  const { id, kind: ofAccount } = useAccount();
  const subjects = useSubjects();
  const form = useForm<StopFields>({
    initialValues: { kind: 'key', subject: null, reason: '', until: '' },
    validate: {
      subject: (subject, { kind }) => (kind !== 'all' && subject === null ? t('required') : null),
      reason: (text) => (ONE_LINE.test(text) && text.length <= REASON_CHARS_MAX ? null : t('reason_bad')),
      until: (at) => (at === '' || Date.parse(at) > Date.now() ? null : t('past_bad')),
    },
  });
  const stop = useConfirmedChange(
    (fields: StopFields) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/stops`,
      body: bodyOf(fields),
      answer: cutOffReceiptView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: onStopped },
  );
  const { kind } = form.values;
  const offered = KINDS.filter((one) => one !== 'member' || ofAccount === 'workspace');
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void stop.run(fields))}>
      <p className="developer-line">{t('dialog_note')}</p>
      <Select
        label={t('kind')}
        allowDeselect={false}
        data={offered.map((one) => ({ value: one, label: t(`kind_${one}`) }))}
        value={kind}
        onChange={(next) => form.setValues({ kind: KINDS.find((one) => one === next) ?? 'key', subject: null })}
      />
      {kind === 'all' ? null : (
        <Select
          label={t(`kind_${kind}`)}
          placeholder={t('choose')}
          searchable
          data={subjects[kind]}
          {...form.getInputProps('subject')}
        />
      )}
      <TextInput
        label={t('reason')}
        description={t('reason_note')}
        autoComplete="off"
        {...form.getInputProps('reason')}
      />
      <TextInput
        label={t('until_field')}
        description={t('until_note')}
        type="datetime-local"
        {...form.getInputProps('until')}
      />
      <FormError error={stop.error} />
      <div className="row developer-end">
        <Button type="submit" color="danger" loading={stop.running}>
          {t('stop_now')}
        </Button>
      </div>
      {stop.question}
    </form>
  );
}

function bodyOf({ kind, subject, reason, until }: StopFields) {
  return {
    ...(kind === 'key' && { key_id: subject }),
    ...(kind === 'app' && { app: subject }),
    ...(kind === 'member' && { member: subject }),
    ...(kind === 'all' && { all: true }),
    reason,
    until: until === '' ? null : new Date(until).toISOString(),
  };
}
