import { Button } from '@mantine/core';
import { addressOf, apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { doneView, type IdentityListView, identityListView } from '../../../src/people/contract.ts';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { WayProblemNotice } from '../../components/way-problem.tsx';
import { accountTexts } from './account-texts.ts';

const PATH = '/portal/v1/oauth';

/** Other services one signs in with; not there where the operator offers none. */
export function ConnectedPanel() {
  const t = useTexts(accountTexts);
  const { data: answer } = useApi({ path: PATH, answer: identityListView });
  if (answer === undefined || (answer.providers.length === 0 && answer.data.length === 0)) return null;
  return (
    <Panel title={t('connected')}>
      <div className="page">
        <WayProblemNotice />
        <p className="form-card-note">{t('connected_note')}</p>
        {answer.data.length === 0 ? <p className="form-card-note dimmed">{t('connected_none')}</p> : null}
        <ul className="facts-list">
          {answer.data.map((identity) => (
            <IdentityLine key={identity.id} identity={identity} />
          ))}
        </ul>
        <div className="row">
          {answer.providers.map(({ id, name }) => (
            <Button
              key={id}
              component="a"
              href={addressOf(`${PATH}/${encodeURIComponent(id)}/start`, { next: '/security' })}
              variant="default"
            >
              {t('connect', { name })}
            </Button>
          ))}
        </div>
      </div>
    </Panel>
  );
}

interface IdentityLineProps {
  readonly identity: IdentityListView['data'][number];
}

function IdentityLine({ identity }: IdentityLineProps) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const showError = useErrorToast();
  const end = useConfirmedChange(
    () => ({ method: 'DELETE' as const, path: apiPath`/portal/v1/oauth/${identity.id}`, answer: doneView }),
    { refresh: [PATH], onDone: () => toast('good', t('disconnected')), onError: showError },
  );
  const facts = [identity.email, t('connected_since', { date: formats.date(identity.created_at) })];
  return (
    <li>
      <span>
        <strong translate="no">{identity.service}</strong>
        <small className="dimmed wrap-anywhere">{facts.filter((fact) => fact !== null).join(' · ')}</small>
      </span>
      <Button variant="subtle" loading={end.running} onClick={() => void end.run(undefined)}>
        {t('disconnect')}
      </Button>
      {end.question}
    </li>
  );
}
