import { useMemo } from 'react';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import type { Status } from '../../../console/ui/palette.ts';
import { statusColumn, verbColumn } from '../../../console/ui/usual-columns.tsx';
import type { MemberView } from '../../../src/workspaces/contract.ts';
import { useMay } from '../../components/account.tsx';
import { portalTexts } from '../../components/portal-texts.ts';
import { type MemberActions, MemberMenu } from './member-menu.tsx';
import { membersTexts } from './members-texts.ts';
import './workspace.css';

const STATUS_OF: Readonly<Record<MemberView['state'], Status>> = {
  active: 'good',
  provisioned: 'none',
  stopped: 'bad',
  left: 'none',
};

/** Members there are, or those who left. */
export function useMemberColumns(left: boolean, actions: MemberActions): readonly Column<MemberView>[] {
  const t = useTexts(membersTexts);
  const words = useTexts(portalTexts);
  const formats = useFormats();
  const may = useMay();
  const acts = !left && (may('own.members.write') || may('own.cutoff.write'));
  const columns = useMemo((): readonly Column<MemberView>[] => {
    const nameOf = (member: MemberView) => (member.self ? t('you', { name: member.name }) : member.name);
    const modelsOf = ({ models }: MemberView) => {
      if (models === null) return t('all_models');
      return models.length === 0 ? t('no_models') : models.join(', ');
    };
    return [
      { key: 'name', header: t('name'), value: nameOf, width: 170 },
      { key: 'email', header: t('email'), value: (member) => member.email, width: 220 },
      { key: 'role', header: t('role'), value: (member) => words(`role_${member.role}`), width: 110 },
      statusColumn<MemberView>({
        key: 'state',
        header: t('state'),
        status: (member) => STATUS_OF[member.state],
        word: (member) => t(`state_${member.state}`),
        width: 150,
      }),
      {
        key: 'reason',
        header: t('reason'),
        value: (member) => member.stopped?.reason ?? null,
        width: 180,
        hidden: true,
      },
      { key: 'models', header: t('models'), value: modelsOf, width: 130, hidden: left },
      {
        key: 'since',
        header: t(left ? 'left_at' : 'since'),
        value: (member) => (left ? member.left_at : member.created_at),
        cell: (member) => formats.date(left ? member.left_at : member.created_at),
        width: 120,
      },
      {
        key: 'directory',
        header: t('by_directory'),
        value: (member) => (member.directory ? '✓' : null),
        hidden: true,
      },
      { key: 'id', header: 'ID', value: (member) => member.id, hidden: true },
    ];
  }, [t, words, formats, left]);
  if (!acts) return columns;
  return [
    ...columns,
    verbColumn<MemberView>(t('actions_head'), 60, (member) => <MemberMenu member={member} {...actions} />),
  ];
}
