import { Button, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { vestingLedgerView } from '../../../src/fraud/vesting/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { vestingTexts } from './vesting-texts.ts';

interface VestingVerbDialogProps {
  readonly opened: boolean;
  readonly verb: 'claw_back' | 'restore';
  readonly accountId: string;
  readonly onClose: () => void;
}

const PATHS = {
  claw_back: (id: string) => apiPath`/control/v1/accounts/${id}/vesting/claw-back`,
  restore: (id: string) => apiPath`/control/v1/accounts/${id}/vesting/restore`,
} as const;

/** Takes the free credit of an account back, or gives it again, each with a reason. */
export function VestingVerbDialog({ opened, verb, accountId, onClose }: VestingVerbDialogProps) {
  const t = useTexts(vestingTexts);
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (reason) => (reason.trim() === '' ? t('required') : null) },
  });
  const change = useApiChange(
    ({ reason }: { reason: string }) => ({
      method: 'POST',
      path: PATHS[verb](accountId),
      body: { reason: reason.trim() },
      answer: vestingLedgerView,
    }),
    {
      refresh: [apiPath`/control/v1/accounts/${accountId}/vesting`],
      onDone: () => {
        toast('good', t('done'));
        onClose();
      },
    },
  );
  return (
    <Modal opened={opened} onClose={onClose} title={verb === 'claw_back' ? t('claw_back_question') : t('restore')}>
      <form className="page" noValidate onSubmit={form.onSubmit((fields) => void change.run(fields))}>
        {verb === 'claw_back' ? <span className="dimmed">{t('claw_back_note')}</span> : null}
        <TextInput label={t('reason')} maxLength={200} {...form.getInputProps('reason')} />
        <FormError error={change.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button type="submit" loading={change.running} {...(verb === 'claw_back' && { color: 'danger' })}>
            {t(verb)}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
