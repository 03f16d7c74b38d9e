import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type HeldView, ownDecisionView } from '../../../src/portal/redress/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { decisionTexts } from './decision-texts.ts';
import { useSpanWords, useSubjectWords } from './decision-words.ts';
import { standingTexts } from './standing-texts.ts';

/** What is held against the account now, the gravest first. */
export function HeldPanel({ holds }: { readonly holds: readonly HeldView[] }) {
  const t = useTexts(standingTexts);
  return (
    <Panel title={t('held')} padded={false}>
      <ul className="listing">
        {holds.map((held) => (
          <li key={held.sanction_id}>
            <Held held={held} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Held({ held }: { readonly held: HeldView }) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const subjectOf = useSubjectWords();
  const spanOf = useSpanWords();
  const mayContest = useMay()('own.contest.write');
  const isMild = held.step === 'notice' || held.step === 'warning';
  const { appeal } = held;
  const mayContestIt = held.contestable_until !== null && mayContest;
  return (
    <>
      <StatusIcon status={isMild ? 'warn' : 'bad'} size={20} />
      <div className="listing-words">
        <strong>{t('held_title', { step: t(`step_${held.step}`), conduct: t(`conduct_${held.conduct}`) })}</strong>
        <p className="developer-line">{t(`does_${held.step}`)}</p>
        <p className="developer-line dimmed">
          {subjectOf(held.subject)} · {spanOf(held.since, held.until)}
        </p>
        {appeal === null || appeal.state === 'withdrawn' ? null : (
          <p className="developer-line">
            {t(`state_${appeal.state}`)}.{' '}
            {appeal.state === 'upheld' ? null : t('answer_by', { date: formats.date(appeal.due_at) })}
          </p>
        )}
      </div>
      {held.may_acknowledge && mayContest ? <Acknowledge decisionId={held.decision_id} /> : null}
      <Button
        variant={mayContestIt ? 'filled' : 'default'}
        renderRoot={(props) => <Link to="/standing/$id" params={{ id: held.decision_id }} {...props} />}
      >
        {mayContestIt ? t('contest') : t('read')}
      </Button>
    </>
  );
}

/** Says that a warning was read. */
export function Acknowledge({ decisionId }: { readonly decisionId: string }) {
  const t = useTexts(decisionTexts);
  const { id } = useAccount();
  const onError = useErrorToast();
  const acknowledge = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/decisions/${decisionId}/acknowledge`,
      body: {},
      answer: ownDecisionView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('acknowledged_now')), onError },
  );
  return (
    <Button variant="default" loading={acknowledge.running} onClick={() => void acknowledge.run(undefined)}>
      {t('acknowledge')}
    </Button>
  );
}
