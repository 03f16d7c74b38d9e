import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { memberListView, type MemberView, type ReceiptView } from '../../../src/workspaces/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { CutOffReceipt } from './cut-off-receipt.tsx';
import { InvitationsPanel } from './invitations-panel.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { RoleDialog, StopMemberDialog } from './member-dialogs.tsx';
import { useMemberColumns } from './member-columns.tsx';
import type { MemberActions } from './member-menu.tsx';
import { membersTexts } from './members-texts.ts';
import { ModelsDialog } from './models-dialog.tsx';

const membersSearch = z.object({
  q: z.string().max(128).optional().catch(undefined),
  state: z.enum(['left']).optional().catch(undefined),
});
const SEARCH_WAIT_MS = 250;
const PAGE_ROWS = '200';

/** Who belongs to the workspace: invited, given roles and put out here. */
export function MembersPage() {
  const t = useTexts(membersTexts);
  const mayWrite = useMay()('own.members.write');
  const [inviting, setInviting] = useState(false);
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {mayWrite ? (
          <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
            {t('invite')}
          </Button>
        ) : null}
      </PageHeader>
      <InvitationsPanel />
      <MembersPanel />
      <InviteDialog opened={inviting} onClose={() => setInviting(false)} />
    </div>
  );
}

function MembersPanel() {
  const t = useTexts(membersTexts);
  const [role, setRole] = useState<MemberView | null>(null);
  const [models, setModels] = useState<MemberView | null>(null);
  const [stopping, setStopping] = useState<MemberView | null>(null);
  const [shown, setShown] = useState<{ readonly title: string; readonly receipt: ReceiptView } | null>(null);
  return (
    <>
      <MembersTable
        onRole={setRole}
        onModels={setModels}
        onStop={setStopping}
        onRemoved={({ name }, receipt) => setShown({ title: t('receipt_remove', { name }), receipt })}
      />
      <RoleDialog member={role} onClose={() => setRole(null)} />
      <ModelsDialog
        asked={
          models && {
            subject: { kind: 'member', id: models.id },
            title: t('limit_models_of', { name: models.name }),
            models: models.models,
          }
        }
        onClose={() => setModels(null)}
      />
      <StopMemberDialog
        member={stopping}
        onClose={() => setStopping(null)}
        onStopped={(receipt) => {
          setShown({ title: t('receipt_stop', { name: stopping?.name ?? '' }), receipt });
          setStopping(null);
        }}
      />
      <CutOffReceipt shown={shown} onClose={() => setShown(null)} />
    </>
  );
}

function MembersTable(actions: MemberActions) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const [{ q, state }, change] = useSearchState(membersSearch);
  const [query] = useDebouncedValue(q, SEARCH_WAIT_MS);
  const answer = useApiPages({
    path: apiPath`/portal/v1/accounts/${id}/members`,
    query: { q: query === '' ? undefined : query, state, limit: PAGE_ROWS },
    answer: memberListView,
  });
  const columns = useMemberColumns(state === 'left', actions);
  const empty = query === undefined || query === '' ? 'empty_left' : 'none_found';
  return (
    <Panel padded={false}>
      <div className="row panel-padded">
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={15} />}
          value={q ?? ''}
          onChange={(event) => change({ q: event.currentTarget.value }, { replace: true })}
          style={{ flex: '1 1 240px' }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('state')}
          value={state ?? 'present'}
          data={[
            { value: 'present', label: t('present') },
            { value: 'left', label: t('left') },
          ]}
          onChange={(next) => change({ state: next === 'left' ? 'left' : undefined })}
        />
      </div>
      <ApiTable
        label={t('title')}
        state={answer}
        columns={columns}
        rowId={(member) => member.id}
        empty={<EmptyState title={t(empty)}>{t(`${empty}_note`)}</EmptyState>}
      />
    </Panel>
  );
}
