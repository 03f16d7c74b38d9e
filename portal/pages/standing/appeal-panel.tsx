import { Button } from '@mantine/core';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type OwnAppealView, type OwnDecisionView, ownAppealView } from '../../../src/portal/redress/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { AppealForm } from './appeal-form.tsx';
import { decisionTexts } from './decision-texts.ts';
import { appealStatus } from './decision-words.ts';
import { Said } from './statement.tsx';

/** The appeals there were, the newest first, and the way to file one. */
export function AppealPanels({ decision }: { readonly decision: OwnDecisionView }) {
  return (
    <>
      {decision.appeals.map((appeal) => (
        <OneAppeal key={appeal.id} appeal={appeal} />
      ))}
      {decision.contestable_until === null ? null : <Contest decision={decision} />}
    </>
  );
}

function Contest({ decision }: { readonly decision: OwnDecisionView }) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const { language } = useLanguage();
  const mayContest = useMay()('own.contest.write');
  const file = useApiChange(
    (text: string) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/appeals`,
      body: { decision_id: decision.id, language, text },
      answer: ownAppealView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: (appeal) => toast('good', t('contest_sent', { date: formats.date(appeal.due_at) })),
    },
  );
  if (!mayContest) return null;
  return (
    <Panel title={t('contest_title')}>
      <AppealForm
        untilAt={decision.contestable_until}
        error={file.error}
        running={file.running}
        onSend={(text) => void file.run(text)}
      />
    </Panel>
  );
}

function OneAppeal({ appeal }: { readonly appeal: OwnAppealView }) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const isOpen = appeal.state === 'received' || appeal.state === 'triaged' || appeal.state === 'in_review';
  return (
    <Panel title={t('appeal')} actions={isOpen ? <Withdraw appeal={appeal} /> : null}>
      <div className="page">
        <div>
          <StatusText status={appealStatus(appeal.state)}>{t(`state_${appeal.state}`)}</StatusText>
          <p className="developer-line dimmed">
            {t('filed', { time: formats.time(appeal.filed_at) })}
            {isOpen ? ` · ${t('answer_by', { date: formats.date(appeal.due_at) })}` : ''}
          </p>
        </div>
        {appeal.answer === null ? null : (
          <div>
            <h3 className="section-title">{t('answer')}</h3>
            <Said text={appeal.answer.notice[language]} />
          </div>
        )}
        {appeal.text === '' ? null : (
          <div>
            <h3 className="section-title">{t('your_words')}</h3>
            <Said text={appeal.text} own />
          </div>
        )}
      </div>
    </Panel>
  );
}

function Withdraw({ appeal }: { readonly appeal: OwnAppealView }) {
  const t = useTexts(decisionTexts);
  const { id } = useAccount();
  const mayContest = useMay()('own.contest.write');
  const onError = useErrorToast();
  const withdraw = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/appeals/${appeal.id}/withdraw`,
      body: {},
      answer: ownAppealView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('withdrawn')), onError },
  );
  if (!mayContest) return null;
  const ask = async () => {
    const question = { title: t('withdraw_question'), message: t('withdraw_note') };
    if (await confirm({ ...question, confirm: t('withdraw'), cancel: t('cancel') })) await withdraw.run(undefined);
  };
  return (
    <Button variant="default" size="xs" loading={withdraw.running} onClick={() => void ask()}>
      {t('withdraw')}
    </Button>
  );
}
