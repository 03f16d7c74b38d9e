import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { markNetworkBody } from '../../../src/fraud/linkage/contract.ts';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { useMarkNetwork } from './mark-network.ts';
import { networksTexts } from './networks-texts.ts';

interface MarkNetworkDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Says what somebody knows of a network. */
export function MarkNetworkDialog({ opened, onClose }: MarkNetworkDialogProps) {
  const t = useTexts(networksTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('mark')}>
      <MarkForm onClose={onClose} />
    </Modal>
  );
}

const { prefix: prefixField, reason: reasonField } = markNetworkBody.shape;

function MarkForm({ onClose }: { readonly onClose: () => void }) {
  const t = useTexts(networksTexts);
  const form = useForm({
    initialValues: { prefix: '', shared: 'yes', reason: '' },
    validate: {
      prefix: (prefix) => (prefixField.safeParse(prefix.trim()).success ? null : t('prefix_bad')),
      reason: (reason) => (reasonField.safeParse(reason).success ? null : t('reason_bad')),
    },
  });
  const mark = useMarkNetwork({
    onDone: () => {
      toast('good', t('saved'));
      onClose();
    },
  });
  return (
    <form
      className="page"
      noValidate
      onSubmit={form.onSubmit(
        ({ prefix, shared, reason }) =>
          void mark.run({ prefix: prefix.trim(), shared: shared === 'yes', reason: reason.trim() }),
      )}
    >
      <TextInput
        label={t('prefix')}
        description={t('prefix_note')}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('prefix')}
      />
      <SegmentedControl
        aria-label={t('shared')}
        data={[
          { value: 'yes', label: t('is_shared') },
          { value: 'no', label: t('is_own') },
        ]}
        {...form.getInputProps('shared')}
      />
      <TextInput label={t('reason')} description={t('reason_note')} maxLength={500} {...form.getInputProps('reason')} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={mark.running}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
