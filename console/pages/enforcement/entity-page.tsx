import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { accountDetailView } from '../../../src/accounts/contract.ts';
import { caseListView } from '../../../src/enforcement/cases/contract.ts';
import { sanctionListView } from '../../../src/enforcement/sanctions/contract.ts';
import { figuresView } from '../../../src/enforcement/signals/contract.ts';
import { riskView } from '../../../src/fraud/linkage/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { AccountPicture } from '../../components/linkage/account-picture.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import './enforcement.css';
import { EntityTimeline } from './entity-timeline.tsx';
import { entityTexts } from './entity-texts.ts';

/** Everything enforcement knows of one account. */
export function EntityPage() {
  const t = useTexts(entityTexts);
  const may = useMay();
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi(
    { path: apiPath`/control/v1/accounts/${id}`, answer: accountDetailView },
    { enabled: may('accounts.read') },
  );
  const name = state.data?.id === id ? state.data.name : id;
  return (
    <div className="page">
      <PageHeader title={t('title', { name })} note={t('note')}>
        <Link to="/enforcement/incidents" search={{ account: id } as never} className="link">
          {t('incidents')}
        </Link>
        <Link to="/accounts/$id/risk" params={{ id }} className="link">
          {t('risk')}
        </Link>
        <Link to="/accounts/$id" params={{ id }} className="link">
          {t('account')}
        </Link>
      </PageHeader>
      <div className="columns">
        <EntityTimeline accountId={id} />
        <div className="page">
          <Figures accountId={id} />
          {may('fraud.read') ? <Links accountId={id} /> : null}
        </div>
      </div>
    </div>
  );
}

function Figures({ accountId }: { readonly accountId: string }) {
  const t = useTexts(entityTexts);
  const formats = useFormats();
  const figures = useApi({
    path: '/control/v1/enforcement/units/figures',
    query: { account: accountId },
    answer: figuresView,
  });
  const two = (value: number) => formats.number(Math.round(value * 100) / 100);
  return (
    <Panel title={t('figures')}>
      <ApiPart state={figures} waiting={null}>
        {({ score, cusum, alarm_at: alarm, posterior, requests }) => (
          <KeyValues
            items={[
              [t('in_force'), <InForce key="in_force" accountId={accountId} />],
              [t('open_cases'), <OpenCases key="cases" accountId={accountId} />],
              [t('score'), two(score)],
              [t('cusum'), t('cusum_of', { value: two(cusum), alarm: two(alarm) })],
              [t('posterior'), formats.share(posterior)],
              [t('requests'), formats.number(requests)],
            ]}
          />
        )}
      </ApiPart>
    </Panel>
  );
}

function InForce({ accountId }: { readonly accountId: string }) {
  const t = useTexts(entityTexts);
  const words = useTexts(enforcementTexts);
  const state = useApi({
    path: '/control/v1/enforcement/sanctions',
    query: { account: accountId, state: 'in_force' },
    answer: sanctionListView,
  });
  const steps = (state.data?.data ?? []).map(({ step }) => enforcementWord(words, 'step', step));
  return steps.length === 0 ? t('nothing_in_force') : steps.join(', ');
}

function OpenCases({ accountId }: { readonly accountId: string }) {
  const formats = useFormats();
  const state = useApi({
    path: '/control/v1/enforcement/cases',
    query: { account: accountId },
    answer: caseListView,
  });
  return formats.number(state.data?.count ?? null);
}

function Links({ accountId }: { readonly accountId: string }) {
  const t = useTexts(entityTexts);
  const state = useApi({ path: apiPath`/control/v1/fraud/accounts/${accountId}`, answer: riskView });
  if (state.data?.links.some(({ fell }) => fell === null) === true) return <AccountPicture risk={state.data} />;
  return (
    <Panel title={t('links')}>
      <span className="dimmed">{t('no_links')}</span>
    </Panel>
  );
}
