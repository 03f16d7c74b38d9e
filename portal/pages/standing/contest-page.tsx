import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { contestedView, type ContestView, contestView } from '../../../src/portal/redress/contract.ts';
import '../../components/developer/developer.css';
import { FormCard } from '../../components/form-card.tsx';
import { AppealForm } from './appeal-form.tsx';
import { contestTexts } from './contest-texts.ts';
import { decisionTexts } from './decision-texts.ts';
import { appealStatus } from './decision-words.ts';
import { NoticePanel, Said, StatementPanel } from './statement.tsx';

/** What the address in a refusal opens: one decision, and one appeal against it, without signing in. */
export function ContestPage() {
  const t = useTexts(contestTexts);
  const token = z.string().parse(useParams({ strict: false })['token']);
  const path = apiPath`/portal/v1/contest/${token}`;
  const state = useApi({ path, answer: contestView });
  if (state.error?.kind === 'not_found') return <Gone />;
  return (
    <div className="contest-page page">
      <PageHeader title={t('title')} note={t('note')} />
      <ApiPart state={state}>{(contest) => <Contested contest={contest} path={path} />}</ApiPart>
    </div>
  );
}

function Gone() {
  const t = useTexts(contestTexts);
  const below = (
    <Link to="/" className="link">
      {t('to_start')}
    </Link>
  );
  return (
    <FormCard title={t('gone')} note={t('gone_note')} below={below}>
      <Button component={Link} to="/sign-in" size="md">
        {t('sign_in')}
      </Button>
    </FormCard>
  );
}

function Contested({ contest, path }: { readonly contest: ContestView; readonly path: ReturnType<typeof apiPath> }) {
  const t = useTexts(contestTexts);
  return (
    <>
      <NoticePanel decision={contest.decision} />
      <StatementPanel decision={contest.decision} />
      {contest.appeal === null ? null : <Filed appeal={contest.appeal} />}
      {contest.may_contest ? <Contesting contest={contest} path={path} /> : null}
      {contest.appeal === null && !contest.may_contest ? <p className="developer-line dimmed">{t('over')}</p> : null}
    </>
  );
}

function Contesting({ contest, path }: { readonly contest: ContestView; readonly path: ReturnType<typeof apiPath> }) {
  const t = useTexts(decisionTexts);
  const { language } = useLanguage();
  const file = useApiChange(
    (text: string) => ({ method: 'POST' as const, path, body: { language, text }, answer: contestedView }),
    { refresh: [path] },
  );
  return (
    <Panel title={t('contest_title')}>
      <AppealForm
        untilAt={contest.decision.contestable_until}
        error={file.error}
        running={file.running}
        onSend={(text) => void file.run(text)}
      />
    </Panel>
  );
}

function Filed({ appeal }: { readonly appeal: NonNullable<ContestView['appeal']> }) {
  const t = useTexts(contestTexts);
  const words = useTexts(decisionTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  return (
    <Panel title={appeal.answer === null ? t('sent') : t('answered')}>
      <div className="page" role="status">
        <StatusText status={appealStatus(appeal.state)}>{words(`state_${appeal.state}`)}</StatusText>
        {appeal.answer === null ? (
          <p className="developer-line">
            {t('sent_note', { date: formats.date(appeal.due_at) })} {t('more')}
          </p>
        ) : (
          <div>
            <Said text={appeal.answer[language]} />
          </div>
        )}
        <div className="row">
          <Button variant="default" component={Link} to="/sign-in">
            {t('sign_in')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
