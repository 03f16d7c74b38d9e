import { Badge, Button } from '@mantine/core';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Translate } from '../../../console/locales/translate.ts';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { endedView, type SessionListView, sessionListView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';

const PATH = '/portal/v1/sessions';

/** Every browser one is signed in with. */
export function SessionsPanel() {
  const t = useTexts(accountTexts);
  const state = useApi({ path: PATH, answer: sessionListView });
  return (
    <Panel title={t('sessions')} actions={<EndAll />}>
      <ApiPart state={state}>
        {({ data }) => (
          <ul className="facts-list">
            {data.map((one) => (
              <SessionLine key={one.id} one={one} />
            ))}
          </ul>
        )}
      </ApiPart>
    </Panel>
  );
}

function SessionLine({ one }: { readonly one: SessionListView['data'][number] }) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const showError = useErrorToast();
  const end = useApiChange(
    () => ({ method: 'DELETE' as const, path: apiPath`/portal/v1/sessions/${one.id}`, answer: endedView }),
    { refresh: [PATH], onDone: () => toast('good', t('session_ended')), onError: showError },
  );
  const facts = [
    t('session_line', { since: formats.time(one.created_at), used: formats.ago(one.last_used_at, Date.now()) }),
    t(`method_${one.method}`),
    one.network_prefix === null ? null : t('session_network', { network: one.network_prefix }),
  ];
  return (
    <li>
      <span>
        <strong>
          {clientWords(one.client, t)} {one.current ? <Badge>{t('session_this')}</Badge> : null}
        </strong>
        <small className="dimmed">{facts.filter((fact) => fact !== null).join(' · ')}</small>
      </span>
      {one.current ? null : (
        <Button variant="subtle" loading={end.running} onClick={() => void end.run(undefined)}>
          {t('session_end')}
        </Button>
      )}
    </li>
  );
}

/** `Firefox on Linux`, as the language says it. */
function clientWords(client: string | null, t: Translate<keyof (typeof accountTexts)['en']>): string {
  const [browser, system] = client?.split(' on ') ?? [];
  if (browser === undefined) return t('session_unknown');
  return system === undefined ? browser : t('session_client', { browser, system });
}

function EndAll() {
  const t = useTexts(accountTexts);
  const showError = useErrorToast();
  const { retry } = useSession();
  const end = useApiChange(() => ({ method: 'DELETE' as const, path: PATH, answer: endedView }), {
    onDone: retry,
    onError: showError,
  });
  const ask = async () => {
    const sure = await confirm({
      title: t('sessions_end_question'),
      message: t('sessions_end_note'),
      confirm: t('sessions_end'),
      cancel: t('cancel'),
      grave: true,
    });
    if (sure) await end.run(undefined);
  };
  return (
    <Button variant="default" loading={end.running} onClick={() => void ask()}>
      {t('sessions_end')}
    </Button>
  );
}
