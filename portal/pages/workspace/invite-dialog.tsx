import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core';
import { isEmail, useForm } from '@mantine/form';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { invitationView } from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { membersTexts } from './members-texts.ts';
import { GIVEN_ROLES, type GivenRole, RoleChoice } from './role-choice.tsx';

interface InviteDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Invites somebody by mail. */
export function InviteDialog({ opened, onClose }: InviteDialogProps) {
  const t = useTexts(membersTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('invite_title')}>
      <InviteForm onDone={onClose} />
    </Modal>
  );
}

interface InviteFields {
  email: string;
  role: GivenRole;
  locale: 'en' | 'zh';
}

const LOCALES = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '简体中文' },
] as const;

function InviteForm({ onDone }: { readonly onDone: () => void }) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const { language } = useLanguage();
  const path = apiPath`/portal/v1/accounts/${id}/invitations`;
  const invite = useApiChange(
    (body: InviteFields) => ({ method: 'POST' as const, path, body, answer: invitationView }),
    {
      refresh: [path],
      onDone: (invitation) => {
        onDone();
        if (invitation.sent_at === null) toast('warn', t('not_sent'));
        else toast('good', t('invited', { email: invitation.email }));
      },
    },
  );
  const form = useForm<InviteFields>({
    initialValues: { email: '', role: 'developer', locale: language },
    validate: { email: isEmail(t('email_bad')) },
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void invite.run(fields), focusFirst(form))}>
      <p className="dimmed form-card-note">{t('invite_note')}</p>
      <TextInput
        label={t('email')}
        type="email"
        autoComplete="off"
        data-autofocus
        key={form.key('email')}
        {...form.getInputProps('email')}
      />
      <RoleChoice
        offered={GIVEN_ROLES}
        value={form.values.role}
        onChange={(role) => form.setFieldValue('role', role)}
      />
      <SegmentedControl
        aria-label={t('mail_language')}
        size="xs"
        data={[...LOCALES]}
        value={form.values.locale}
        onChange={(locale) => form.setFieldValue('locale', locale === 'zh' ? 'zh' : 'en')}
      />
      <FormError error={invite.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={invite.running}>
          {t('send')}
        </Button>
      </div>
    </form>
  );
}
