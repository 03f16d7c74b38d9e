import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { type CaseView, caseView, releasedView } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { NotThere } from '../../components/not-there.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord, SeverityText } from '../../components/enforcement-words.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusText } from '../../ui/status.tsx';
import { CaseContent } from './case-content.tsx';
import { CaseFactsPanel, FiguresPanel, LadderPanel } from './case-facts.tsx';
import { CaseNotes, CaseTimeline } from './case-history.tsx';
import { casePageTexts } from './case-page-texts.ts';
import { DecidePanel } from './decide-panel.tsx';
import './enforcement.css';
import { HandOver } from './hand-over.tsx';
import { BudgetLine } from './own-day.tsx';
import { RulingPanel } from './ruling-panel.tsx';
import { CASE_PATHS } from './use-next-case.ts';
import { useKeepCase } from './use-keep-case.ts';

/** One case: what is known first, then the way to what was written, and the decision. */
export function CasePage() {
  const t = useTexts(casePageTexts);
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/control/v1/enforcement/cases/${id}`, answer: caseView });
  if (state.error?.status === 404) {
    return (
      <NotThere title={t('not_there')} note={t('not_there_note')}>
        <BackLink />
      </NotThere>
    );
  }
  return <ApiPart state={state}>{(one) => <Shown key={one.id} one={one} />}</ApiPart>;
}

function BackLink() {
  const t = useTexts(casePageTexts);
  return (
    <Link to="/enforcement/cases" className="link">
      {t('back')}
    </Link>
  );
}

function Shown({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const mayDecide = useMay()('enforcement.write');
  const isDecided = one.state === 'decided' || one.state === 'closed';
  const isTheirs = one.assignee !== null && one.barred === null;
  useKeepCase(one, isTheirs);
  return (
    <div className="page">
      <PageHeader
        title={enforcementWord(words, 'conduct', one.conduct)}
        note={<SeverityText severity={one.severity} />}
      >
        <BackLink />
        {mayDecide && !isDecided ? <Verbs one={one} isTheirs={isTheirs} /> : null}
      </PageHeader>
      <Summary one={one} />
      <section className="panel own-day">
        <BudgetLine budget={one.budget} />
        <StandsWith one={one} isTheirs={isTheirs} />
      </section>
      {one.as_of === null ? null : <span className="dimmed">{t('as_of', { time: formats.time(one.as_of) })}</span>}
      {one.ruling === null ? null : <RulingPanel one={one} />}
      <div className="columns">
        <div className="page">
          <CaseFactsPanel one={one} />
          <FiguresPanel one={one} />
          <CaseContent one={one} />
        </div>
        <div className="page">
          {mayDecide && !isDecided ? <DecidePanel one={one} /> : null}
          <LadderPanel one={one} />
          <CaseNotes one={one} />
          <CaseTimeline one={one} />
        </div>
      </div>
    </div>
  );
}

function Summary({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const sources = one.facts.sources.map((source) => enforcementWord(words, 'source', source));
  return (
    <p className="summary-line">
      {t('summary', {
        conduct: enforcementWord(words, 'conduct', one.conduct),
        requests: one.requests,
        who: t(`who_${one.unit.kind}`, { name: one.unit.name ?? '' }),
        sources: new Intl.ListFormat(formats.language, { type: 'conjunction' }).format(sources),
        likely: formats.share(one.priority.probability),
      })}
      {one.accounts > 1 ? t('summary_accounts', { accounts: one.accounts }) : null}
    </p>
  );
}

function StandsWith({ one, isTheirs }: { readonly one: CaseView; readonly isTheirs: boolean }) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  if (isTheirs && one.locked_until !== null) {
    return <span className="dimmed">{t('taken_until', { time: formats.shortTime(one.locked_until) })}</span>;
  }
  if (one.barred === null) return null;
  const words = t(`barred_${one.barred}`);
  return (
    <StatusText status={one.barred === 'decided' ? 'none' : 'warn'}>
      {one.assignee === null ? words : `${words} ${t('with', { name: one.assignee.name })}`}
    </StatusText>
  );
}

function Verbs({ one, isTheirs }: { readonly one: CaseView; readonly isTheirs: boolean }) {
  const t = useTexts(casePageTexts);
  const navigate = useNavigate();
  const isLead = useMay()('cases.lead');
  const onError = useErrorToast();
  const take = useApiChange(
    () => ({ method: 'POST', path: apiPath`/control/v1/enforcement/cases/${one.id}/take`, answer: caseView }),
    { refresh: CASE_PATHS, onError },
  );
  const release = useApiChange(
    () => ({ method: 'POST', path: apiPath`/control/v1/enforcement/cases/${one.id}/release`, answer: releasedView }),
    { refresh: CASE_PATHS, onError, onDone: () => void navigate({ to: '/enforcement/cases' }) },
  );
  return (
    <>
      {isTheirs || isLead ? <HandOver one={one} /> : null}
      {isTheirs ? (
        <Button variant="default" loading={release.running} onClick={() => void release.run(undefined)}>
          {t('release')}
        </Button>
      ) : (
        <Button disabled={one.barred !== null} loading={take.running} onClick={() => void take.run(undefined)}>
          {t('take')}
        </Button>
      )}
    </>
  );
}
