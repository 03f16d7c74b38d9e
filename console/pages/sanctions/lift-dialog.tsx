import { Button, Modal, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { NOTE_CHARS_MAX, sanctionView, type SanctionView } from '../../../src/enforcement/sanctions/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { oneLine } from './impose-fields.ts';
import { sanctionsTexts } from './sanctions-texts.ts';

interface LiftDialogProps {
  /** Null: closed. */
  readonly sanction: SanctionView | null;
  readonly onClose: () => void;
}

/** Ends a sanction before its time, with a reason that the person reads. */
export function LiftDialog({ sanction, onClose }: LiftDialogProps) {
  const t = useTexts(sanctionsTexts);
  return (
    <Modal opened={sanction !== null} onClose={onClose} title={t('lift_title')}>
      {sanction === null ? null : <LiftForm sanction={sanction} onDone={onClose} />}
    </Modal>
  );
}

function LiftForm({ sanction, onDone }: { readonly sanction: SanctionView; readonly onDone: () => void }) {
  const t = useTexts(sanctionsTexts);
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (reason) => (reason.trim() === '' ? t('required') : null) },
  });
  const lift = useApiChange(
    ({ reason }: { readonly reason: string }) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/sanctions/${sanction.id}/lift`,
      body: { reason: oneLine(reason) },
      answer: sanctionView,
    }),
    {
      refresh: ['/control/v1/enforcement'],
      onDone: () => {
        toast('good', t('lifted'));
        onDone();
      },
    },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void lift.run(fields))}>
      <span className="dimmed">{t('lift_note')}</span>
      <Textarea
        label={t('lift_reason')}
        description={t('lift_reason_note')}
        maxLength={NOTE_CHARS_MAX}
        autosize
        minRows={2}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <FormError error={lift.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={lift.running}>
          {t('lift')}
        </Button>
      </div>
    </form>
  );
}
