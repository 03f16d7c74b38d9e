import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { statusColumn, timeColumn, verbColumn } from '../../../console/ui/usual-columns.tsx';
import { invitationListView, type InvitationView, invitationView } from '../../../src/workspaces/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { portalTexts } from '../../components/portal-texts.ts';
import { membersTexts } from './members-texts.ts';

/** Invitations nobody has accepted yet; nothing where there are none. */
export function InvitationsPanel() {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/invitations`, answer: invitationListView });
  const columns = useColumns();
  if (state.data === undefined || state.data.data.length === 0) return null;
  return (
    <Panel title={t('invitations')} padded={false}>
      <ApiTable
        label={t('invitations')}
        state={{ ...state, data: state.data.data }}
        columns={columns}
        rowId={(invitation) => invitation.id}
        empty={null}
      />
    </Panel>
  );
}

function useColumns(): readonly Column<InvitationView>[] {
  const t = useTexts(membersTexts);
  const words = useTexts(portalTexts);
  const formats = useFormats();
  const mayWrite = useMay()('own.members.write');
  return useMemo(
    () => [
      { key: 'email', header: t('email'), value: (one) => one.email, width: 240 },
      { key: 'role', header: t('role'), value: (one) => words(`role_${one.role}`), width: 120 },
      statusColumn<InvitationView>({
        key: 'state',
        header: t('state'),
        status: (one) => (one.state === 'open' ? 'none' : 'warn'),
        word: (one) => t(one.state),
      }),
      statusColumn<InvitationView>({
        key: 'sent',
        header: t('sent'),
        status: (one) => (one.sent_at === null ? 'warn' : 'good'),
        word: (one) => t(one.sent_at === null ? 'sent_no' : 'sent_yes'),
      }),
      timeColumn<InvitationView>(formats, {
        key: 'expires',
        header: t('expires'),
        at: (one) => one.expires_at,
        width: 200,
      }),
      { key: 'by', header: t('invited_by'), value: (one) => one.invited_by, hidden: true },
      ...(mayWrite ? [verbColumn<InvitationView>(t('actions_head'), 210, (one) => <Verbs invitation={one} />)] : []),
    ],
    [t, words, formats, mayWrite],
  );
}

function Verbs({ invitation }: { readonly invitation: InvitationView }) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const { language } = useLanguage();
  const onError = useErrorToast();
  const { email } = invitation;
  const list = apiPath`/portal/v1/accounts/${id}/invitations`;
  const path = `${list}/${encodeURIComponent(invitation.id)}`;
  const resend = useApiChange(
    () => ({ method: 'POST' as const, path: `${path}/resend`, body: { locale: language }, answer: invitationView }),
    { refresh: [list], onError, onDone: () => toast('good', t('resent', { email })) },
  );
  const revoke = useApiChange(() => ({ method: 'DELETE' as const, path, answer: invitationView }), {
    refresh: [list],
    onError,
    onDone: () => toast('good', t('revoked')),
  });
  const ask = async () => {
    const question = { title: t('revoke_question', { email }), message: t('revoke_note') };
    if (await confirm({ ...question, confirm: t('revoke'), cancel: t('cancel') })) await revoke.run(undefined);
  };
  return (
    <span className="row nowrap" style={{ gap: 6, justifyContent: 'flex-end' }}>
      <Button size="compact-xs" variant="default" loading={resend.running} onClick={() => void resend.run(undefined)}>
        {t('resend')}
      </Button>
      <Button size="compact-xs" variant="default" loading={revoke.running} onClick={() => void ask()}>
        {t('revoke')}
      </Button>
    </span>
  );
}
