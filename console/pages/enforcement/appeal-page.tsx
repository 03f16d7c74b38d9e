import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { type AppealDetailView, appealDetailView } from '../../../src/enforcement/appeals/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { NotThere } from '../../components/not-there.tsx';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { AppealIncidents, AppealRested } from './appeal-facts.tsx';
import { AppealAnswerPanel } from './appeal-answer.tsx';
import { appealStatus } from './appeal-state.ts';
import { AppealVerbs } from './appeal-verbs.tsx';
import { Due } from './appeals-page.tsx';
import { appealsTexts } from './appeals-texts.ts';
import './enforcement.css';

const LOOK_EVERY_MS = 5_000;

/** One appeal: what the person says, what the decision rested on, the answer and what it makes good. */
export function AppealPage() {
  const t = useTexts(appealsTexts);
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/control/v1/enforcement/appeals/${id}`, answer: appealDetailView });
  if (state.error?.status === 404) {
    return (
      <NotThere title={t('not_there')} note={t('not_there_note')}>
        <BackLink />
      </NotThere>
    );
  }
  return <ApiPart state={state}>{(appeal) => <Shown key={appeal.id} appeal={appeal} />}</ApiPart>;
}

function BackLink() {
  const t = useTexts(appealsTexts);
  return (
    <Link to="/enforcement/appeals" className="link">
      {t('back')}
    </Link>
  );
}

function Shown({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const mayDecide = useMay()('enforcement.write');
  const isOpen = appeal.answer === null && appeal.state !== 'withdrawn';
  const step = appeal.step === null ? '–' : enforcementWord(words, 'step', appeal.step);
  return (
    <div className="page">
      <PageHeader title={t('page_title', { step })} note={<Heading appeal={appeal} />}>
        <BackLink />
        {mayDecide && isOpen ? <AppealVerbs appeal={appeal} /> : null}
      </PageHeader>
      {isOpen && appeal.barred !== null ? <StatusText status="warn">{t('barred')}</StatusText> : null}
      <div className="columns">
        <div className="page">
          <Panel title={t('said')}>
            {appeal.text === '' ? (
              <p className="dimmed">{t('said_gone')}</p>
            ) : (
              <p className="appeal-said" translate="no">
                {appeal.text}
              </p>
            )}
          </Panel>
          <AppealRested appeal={appeal} />
        </div>
        <div className="page">
          {isOpen && mayDecide && appeal.barred === null ? <AppealAnswerPanel appeal={appeal} /> : null}
          {appeal.answer === null ? null : <Answer appeal={appeal} />}
          <Restitution appeal={appeal} />
        </div>
      </div>
      <AppealIncidents appeal={appeal} />
    </div>
  );
}

function Heading({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const { reviewer, answer, state } = appeal;
  return (
    <span className="row" style={{ gap: 12 }}>
      <StatusText status={appealStatus(state)}>{t(`state_${state}`)}</StatusText>
      {answer === null && state !== 'withdrawn' ? <Due appeal={appeal} /> : null}
      <AccountLink id={appeal.account_id} name={appeal.account_name} />
      {reviewer === null ? null : <span>{t('with', { name: reviewer.name ?? reviewer.id })}</span>}
    </span>
  );
}

function Answer({ appeal: { answer } }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const { language } = useLanguage();
  return (
    <Panel title={t('answer')}>
      <p className="appeal-said">{answer?.notice[language]}</p>
    </Panel>
  );
}

/** How far what was wrong is made good; asked again until it is. */
function Restitution({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const formats = useFormats();
  const isUnderWay = appeal.restitution.some(({ done_at: doneAt }) => doneAt === null);
  useApi(
    { path: apiPath`/control/v1/enforcement/appeals/${appeal.id}`, answer: appealDetailView },
    { enabled: isUnderWay, everyMs: LOOK_EVERY_MS },
  );
  if (appeal.restitution.length === 0) return null;
  return (
    <Panel title={t('restitution')}>
      <div className="page" style={{ gap: 10 }}>
        <KeyValues
          items={appeal.restitution.map(({ step, done_at: doneAt, count }) => [
            t(`r_${step}`),
            <StatusText key={step} status={doneAt === null ? 'warn' : 'good'}>
              {doneAt === null ? t('waiting') : formats.number(count)}
            </StatusText>,
          ])}
        />
        {isUnderWay ? <p className="dimmed">{t('restitution_note')}</p> : null}
      </div>
    </Panel>
  );
}
