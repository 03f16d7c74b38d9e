import { Button, Modal, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { ONE_LINE } from '../../../src/base/one-line.ts';
import {
  MEMBER_ROLES,
  type MemberRole,
  memberStoppedView,
  type MemberView,
  memberView,
  type ReceiptView,
} from '../../../src/workspaces/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { focusFirst } from '../../components/focus-first.ts';
import { FormError } from '../../components/form-error.tsx';
import { membersTexts } from './members-texts.ts';
import { GIVEN_ROLES, RoleChoice } from './role-choice.tsx';

interface MemberDialogProps {
  /** Null while it is closed. */
  readonly member: MemberView | null;
  readonly onClose: () => void;
}

/** Gives a member another role. */
export function RoleDialog({ member, onClose }: MemberDialogProps) {
  const t = useTexts(membersTexts);
  return (
    <Modal opened={member !== null} onClose={onClose} title={t('change_role_of', { name: member?.name ?? '' })}>
      {member === null ? null : <RoleForm key={member.id} member={member} onDone={onClose} />}
    </Modal>
  );
}

function RoleForm({ member, onDone }: { readonly member: MemberView; readonly onDone: () => void }) {
  const t = useTexts(membersTexts);
  const account = useAccount();
  const [role, setRole] = useState<MemberRole>(member.role);
  const path = apiPath`/portal/v1/accounts/${account.id}/members`;
  const change = useConfirmedChange(
    (chosen: MemberRole) => ({
      method: 'PATCH' as const,
      path: `${path}/${encodeURIComponent(member.id)}`,
      body: { role: chosen },
      answer: memberView,
    }),
    {
      refresh: [path],
      onDone: () => {
        toast('good', t('role_changed', { name: member.name }));
        onDone();
      },
    },
  );
  return (
    <form
      className="page"
      onSubmit={(event) => {
        event.preventDefault();
        void change.run(role);
      }}
    >
      <p className="dimmed form-card-note">{t('change_role_note')}</p>
      <RoleChoice offered={account.role === 'owner' ? MEMBER_ROLES : GIVEN_ROLES} value={role} onChange={setRole} />
      <FormError error={change.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" disabled={role === member.role} loading={change.running}>
          {t('save')}
        </Button>
      </div>
      {change.question}
    </form>
  );
}

interface StopDialogProps extends MemberDialogProps {
  readonly onStopped: (receipt: ReceiptView) => void;
}

/** Stops a member at once. */
export function StopMemberDialog({ member, onClose, onStopped }: StopDialogProps) {
  const t = useTexts(membersTexts);
  return (
    <Modal opened={member !== null} onClose={onClose} title={t('stop_title', { name: member?.name ?? '' })}>
      {member === null ? null : <StopForm key={member.id} member={member} onStopped={onStopped} />}
    </Modal>
  );
}

const REASON_CHARS_MAX = 500;

function StopForm({ member, onStopped }: Pick<StopDialogProps, 'onStopped'> & { readonly member: MemberView }) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const stop = useConfirmedChange(
    (body: { readonly reason: string }) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/members/${member.id}/stop`,
      body,
      answer: memberStoppedView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: ({ receipt }) => onStopped(receipt) },
  );
  const form = useForm({
    initialValues: { reason: '' },
    validate: {
      reason: (text) => (ONE_LINE.test(text) && text.length <= REASON_CHARS_MAX ? null : t('reason_bad')),
    },
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void stop.run(fields), focusFirst(form))}>
      <p className="form-card-note">{t('stop_note')}</p>
      <TextInput
        label={t('reason')}
        description={t('reason_note')}
        autoComplete="off"
        data-autofocus
        key={form.key('reason')}
        {...form.getInputProps('reason')}
      />
      <FormError error={stop.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" color="danger" loading={stop.running}>
          {t('stop')}
        </Button>
      </div>
      {stop.question}
    </form>
  );
}
