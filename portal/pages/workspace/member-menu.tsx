import { ActionIcon, Menu } from '@mantine/core';
import { IconCpu, IconDots, IconPlayerPlay, IconPlayerStop, IconUserCog, IconUserMinus } from '@tabler/icons-react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { memberStoppedView, type MemberView, memberView, type ReceiptView } from '../../../src/workspaces/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { membersTexts } from './members-texts.ts';

export interface MemberActions {
  readonly onRole: (member: MemberView) => void;
  readonly onModels: (member: MemberView) => void;
  readonly onStop: (member: MemberView) => void;
  readonly onRemoved: (member: MemberView, receipt: ReceiptView) => void;
}

/** What can be done with one member; nothing with an owner, unless by an owner. */
export function MemberMenu({ member, ...actions }: MemberActions & { readonly member: MemberView }) {
  const t = useTexts(membersTexts);
  const account = useAccount();
  const may = useMay();
  const ends = useEndings(member, actions.onRemoved);
  if (member.self || member.state === 'left' || (member.role === 'owner' && account.role !== 'owner')) return null;
  const icon = { size: 15, stroke: 1.7 } as const;
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon aria-label={t('actions', { name: member.name })}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {may('own.members.write') ? (
            <Menu.Item leftSection={<IconUserCog {...icon} />} onClick={() => actions.onRole(member)}>
              {t('change_role')}
            </Menu.Item>
          ) : null}
          {may('own.account.write') ? (
            <Menu.Item leftSection={<IconCpu {...icon} />} onClick={() => actions.onModels(member)}>
              {t('limit_models')}
            </Menu.Item>
          ) : null}
          {may('own.cutoff.write') && member.state === 'stopped' ? (
            <Menu.Item leftSection={<IconPlayerPlay {...icon} />} onClick={() => void ends.resume()}>
              {t('resume')}
            </Menu.Item>
          ) : null}
          {may('own.cutoff.write') && member.state !== 'stopped' && member.role !== 'owner' ? (
            <Menu.Item leftSection={<IconPlayerStop {...icon} />} onClick={() => actions.onStop(member)}>
              {t('stop')}
            </Menu.Item>
          ) : null}
          {may('own.members.write') ? (
            <Menu.Item
              color="var(--candor-bad)"
              leftSection={<IconUserMinus {...icon} />}
              onClick={() => void ends.remove()}
            >
              {t('remove')}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      {ends.question}
    </>
  );
}

function useEndings(member: MemberView, onRemoved: MemberActions['onRemoved']) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const onError = useErrorToast();
  const { name } = member;
  const path = apiPath`/portal/v1/accounts/${id}/members/${member.id}`;
  const refresh = [apiPath`/portal/v1/accounts/${id}`];
  const resume = useApiChange(() => ({ method: 'POST' as const, path: `${path}/resume`, answer: memberView }), {
    refresh,
    onError,
  });
  const remove = useConfirmedChange(() => ({ method: 'DELETE' as const, path, answer: memberStoppedView }), {
    refresh,
    onError,
    onDone: ({ receipt }) => onRemoved(member, receipt),
  });
  return {
    question: remove.question,
    resume: async () => {
      if ((await resume.run(undefined)) !== null) toast('good', t('resumed', { name }));
    },
    remove: async () => {
      const question = { title: t('remove_question', { name }), message: t('remove_note') };
      if (await confirm({ ...question, confirm: t('remove'), cancel: t('cancel'), grave: true })) {
        await remove.run(undefined);
      }
    },
  };
}
