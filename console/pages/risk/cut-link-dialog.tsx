import { Button, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { z } from 'zod';
import type { LinkView } from '../../../src/fraud/linkage/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import { toast } from '../../ui/toast.tsx';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';

const REASON_CHARS_MIN = 3;
const cutAnswer = z.object({ cut: z.string() });

interface CutLinkDialogProps {
  /** Null while it is closed. */
  readonly link: LinkView | null;
  readonly onClose: () => void;
}

/** Cuts a link, with a reason that stays on it. */
export function CutLinkDialog({ link, onClose }: CutLinkDialogProps) {
  const t = useTexts(linkageTexts);
  return (
    <Modal opened={link !== null} onClose={onClose} title={t('cut_title')}>
      {link === null ? null : <CutForm link={link} onClose={onClose} />}
    </Modal>
  );
}

function CutForm({ link, onClose }: { readonly link: LinkView; readonly onClose: () => void }) {
  const t = useTexts(linkageTexts);
  const [one, other] = link.accounts;
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (reason) => (reason.trim().length < REASON_CHARS_MIN ? t('reason_bad') : null) },
  });
  const cut = useApiChange(
    ({ reason }: { reason: string }) => ({
      method: 'POST',
      path: apiPath`/control/v1/fraud/links/${link.id}/cut`,
      body: { reason: reason.trim() },
      answer: cutAnswer,
    }),
    {
      refresh: ['/control/v1/fraud/', '/control/v1/accounts/'],
      onDone: () => {
        toast('good', t('cut_done'));
        onClose();
      },
    },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void cut.run(fields))}>
      <span className="mono">{t('cut_between', { one: shortId(one), other: shortId(other) })}</span>
      <span className="dimmed">{t('cut_note')}</span>
      <TextInput
        label={t('reason')}
        description={t('reason_note')}
        maxLength={500}
        data-autofocus
        {...form.getInputProps('reason')}
      />
      <FormError error={cut.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" color="danger" loading={cut.running}>
          {t('cut')}
        </Button>
      </div>
    </form>
  );
}
