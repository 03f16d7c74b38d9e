import { Link, useParams } from '@tanstack/react-router';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { type OwnDecisionView, ownDecisionView } from '../../../src/portal/redress/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { AppealPanels } from './appeal-panel.tsx';
import { decisionTexts } from './decision-texts.ts';
import { Acknowledge } from './held-panel.tsx';
import { NoticePanel, Said, StatementPanel } from './statement.tsx';

/** One decision: what was told, what it rests on, and the appeal against it. */
export function DecisionPage() {
  const t = useTexts(decisionTexts);
  const account = useAccount();
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/portal/v1/accounts/${account.id}/decisions/${id}`, answer: ownDecisionView });
  const back = (
    <Link to="/standing" className="link">
      {t('back')}
    </Link>
  );
  if (state.error?.kind === 'not_found') {
    return (
      <div className="page">
        <PageHeader title={t('page')} note={back} />
        <div className="panel">
          <EmptyState title={t('not_found')}>{t('not_found_note')}</EmptyState>
        </div>
      </div>
    );
  }
  return (
    <div className="page">
      <PageHeader title={state.data === undefined ? t('page') : titleOf(state.data, t)} note={back} />
      <ApiPart state={state}>{(decision) => <Decision decision={decision} />}</ApiPart>
    </div>
  );
}

function titleOf(
  { kind, step }: OwnDecisionView,
  t: ReturnType<typeof useTexts<keyof typeof decisionTexts.en>>,
): string {
  return kind === 'sanction' && step !== null ? t(`step_${step}`) : t(`kind_${kind}`);
}

function Decision({ decision }: { readonly decision: OwnDecisionView }) {
  return (
    <>
      <div className="columns">
        <NoticePanel decision={decision} />
        <StatementPanel decision={decision} />
      </div>
      <Reading decision={decision} />
      <AppealPanels decision={decision} />
      {decision.contestable_until !== null || decision.kind === 'appeal' ? <Redress decision={decision} /> : null}
    </>
  );
}

/** Of a warning: that it was read, or the button that says so. */
function Reading({ decision }: { readonly decision: OwnDecisionView }) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const mayContest = useMay()('own.contest.write');
  if (decision.acknowledged_at !== null) {
    return (
      <p className="developer-line dimmed">{t('acknowledged', { date: formats.date(decision.acknowledged_at) })}</p>
    );
  }
  const isAsked = decision.in_force && (decision.step === 'notice' || decision.step === 'warning');
  return isAsked && mayContest ? (
    <div className="row">
      <Acknowledge decisionId={decision.id} />
    </div>
  ) : null;
}

function Redress({ decision }: { readonly decision: OwnDecisionView }) {
  const t = useTexts(decisionTexts);
  const { language } = useLanguage();
  return (
    <Panel title={t('redress')}>
      <Said text={decision.redress[language]} />
    </Panel>
  );
}
