import { Button, Menu } from '@mantine/core';
import {
  type AppealDetailView,
  appealDetailView,
  appealReviewersView,
} from '../../../src/enforcement/appeals/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useSession } from '../../api/session.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useTexts } from '../../locales/language.tsx';
import { APPEALS_PATH } from './appeal-state.ts';
import { appealsTexts } from './appeals-texts.ts';

/** Who takes an open appeal, and how urgent it is. */
export function AppealVerbs({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const me = useSession().session?.staff?.id;
  const onError = useErrorToast();
  const change = useApiChange(
    ({ verb, body }: { readonly verb: 'triage' | 'assign'; readonly body: object }) => ({
      method: 'POST' as const,
      path: apiPath`/control/v1/enforcement/appeals/${appeal.id}/${verb}`,
      body,
      answer: appealDetailView,
    }),
    { refresh: [APPEALS_PATH], onError },
  );
  const assign = (reviewer: string | null) => void change.run({ verb: 'assign', body: { reviewer } });
  return (
    <>
      <Button
        variant="default"
        loading={change.running}
        onClick={() => void change.run({ verb: 'triage', body: { urgent: !appeal.urgent } })}
      >
        {t(appeal.urgent ? 'unmark_urgent' : 'mark_urgent')}
      </Button>
      <AssignMenu appeal={appeal} onChoose={assign} />
      {appeal.barred === null && appeal.reviewer?.id !== me ? (
        <Button loading={change.running} onClick={() => assign(null)}>
          {t('take')}
        </Button>
      ) : null}
    </>
  );
}

function AssignMenu({
  appeal,
  onChoose,
}: {
  readonly appeal: AppealDetailView;
  readonly onChoose: (id: string) => void;
}) {
  const t = useTexts(appealsTexts);
  const { data } = useApi({
    path: apiPath`/control/v1/enforcement/appeals/${appeal.id}/reviewers`,
    answer: appealReviewersView,
  });
  const people = data?.data ?? [];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default">{t('assign')}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {people.length === 0 ? <Menu.Label maw={260}>{t('assign_none')}</Menu.Label> : null}
        {people.map(({ id, name }) => (
          <Menu.Item key={id} disabled={id === appeal.reviewer?.id} onClick={() => onChoose(id)}>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
