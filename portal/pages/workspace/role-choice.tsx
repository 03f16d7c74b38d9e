import { Radio } from '@mantine/core';
import { useTexts } from '../../../console/locales/language.tsx';
import { MEMBER_ROLES, type MemberRole } from '../../../src/workspaces/contract.ts';
import { portalTexts } from '../../components/portal-texts.ts';
import { membersTexts } from './members-texts.ts';

/** What an invitation, a domain and single sign-on may make somebody: owners are made by owners, one by one. */
export const GIVEN_ROLES = ['admin', 'developer', 'billing', 'viewer'] as const satisfies readonly MemberRole[];
export type GivenRole = (typeof GIVEN_ROLES)[number];

interface RoleChoiceProps<Role extends MemberRole> {
  readonly offered: readonly Role[];
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

/** The roles one may give, with what each may do. */
export function RoleChoice<Role extends MemberRole>({ offered, value, onChange }: RoleChoiceProps<Role>) {
  const t = useTexts(membersTexts);
  const words = useTexts(portalTexts);
  const ordered = MEMBER_ROLES.flatMap((role) => offered.filter((one) => one === role));
  return (
    <Radio.Group
      label={t('role')}
      value={value}
      onChange={(chosen) => {
        const role = ordered.find((one) => one === chosen);
        if (role !== undefined) onChange(role);
      }}
    >
      <div className="page" style={{ gap: 8, marginTop: 6 }}>
        {ordered.map((role) => (
          <Radio key={role} size="xs" value={role} label={words(`role_${role}`)} description={t(`role_${role}_note`)} />
        ))}
      </div>
    </Radio.Group>
  );
}
