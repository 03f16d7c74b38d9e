import { Button, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { portalPlanChangedView, portalPlanView, type PortalPlanView } from '../../../src/portal/billing/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import '../../components/developer/developer.css';
import { useErrorToast } from '../../components/form-error.tsx';
import { PlanCard, type PlanChoice } from './plan-card.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { planTexts } from './plan-texts.ts';

const planSearch = z.object({ interval: z.enum(['month', 'year']).catch('month') });

/** The plan of the account, and the others there are. */
export function PlanPage() {
  const t = useTexts(planTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/plan`, answer: portalPlanView });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')} />
      <ApiPart state={state}>
        {(plan) => (
          <>
            <CurrentPlan plan={plan} />
            <Plans plan={plan} />
          </>
        )}
      </ApiPart>
    </div>
  );
}

const STATUS_OF = { trialing: 'good', active: 'good', past_due: 'bad', ended: 'none' } as const;

function CurrentPlan({ plan }: { readonly plan: PortalPlanView }) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  const { subscription } = plan;
  if (subscription === null) {
    return (
      <Panel title={t('yours')}>
        <p className="developer-line">{t('no_plan', { plan: plan.plan })}</p>
      </Panel>
    );
  }
  const date = formats.date(subscription.state === 'past_due' ? subscription.period_start : subscription.period_end);
  return (
    <Panel title={t('yours')}>
      <div className="row developer-between">
        <div>
          <p className="developer-line">
            <strong className="plan-price">{subscription.plan}</strong>
            {subscription.seats > 1 ? ` · ${t('seats_now', { count: subscription.seats })}` : ''}
          </p>
          <StatusText status={STATUS_OF[subscription.state]}>{t(`state_${subscription.state}`, { date })}</StatusText>
          {subscription.cancel_at_period_end ? <p className="developer-line">{t('cancels', { date })}</p> : null}
          {subscription.next === null ? null : (
            <p className="developer-line">{t('next_plan', { date, plan: subscription.next.plan })}</p>
          )}
        </div>
        <Ending plan={plan} />
      </div>
    </Panel>
  );
}

/** Cancels the plan, or takes what waits for the end of the period back. */
function Ending({ plan: { subscription } }: { readonly plan: PortalPlanView }) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const mayWrite = useMay()('own.billing.write');
  const onError = useErrorToast();
  const end = useApiChange(
    (verb: 'cancel' | 'resume') => ({
      method: 'POST' as const,
      path: `${apiPath`/portal/v1/accounts/${id}/plan/`}${verb}`,
      body: {},
      answer: portalPlanChangedView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: (_, verb) =>
        toast(
          'good',
          verb === 'resume' ? t('resumed') : t('cancelled', { date: formats.date(subscription?.period_end ?? null) }),
        ),
      onError,
    },
  );
  if (!mayWrite || subscription === null || subscription.state === 'ended') return null;
  if (subscription.cancel_at_period_end || subscription.next !== null) {
    return (
      <Button variant="default" loading={end.running} onClick={() => void end.run('resume')}>
        {t('resume')}
      </Button>
    );
  }
  const ask = async () => {
    const date = formats.date(subscription.period_end);
    const sure = await confirm({
      title: t('cancel_question', { plan: subscription.plan }),
      message: t(subscription.state === 'trialing' ? 'cancel_trial_note' : 'cancel_note', { date }),
      confirm: t('cancel_plan'),
      cancel: t('keep'),
    });
    if (sure) await end.run('cancel');
  };
  return (
    <Button variant="default" loading={end.running} onClick={() => void ask()}>
      {t('cancel_plan')}
    </Button>
  );
}

function Plans({ plan }: { readonly plan: PortalPlanView }) {
  const t = useTexts(planTexts);
  const mayWrite = useMay()('own.billing.write');
  const [{ interval }, change] = useSearchState(planSearch);
  const [chosen, setChosen] = useState<PlanChoice | null>(null);
  return (
    <>
      <div className="row">
        <SegmentedControl
          aria-label={t('interval')}
          value={interval}
          data={[
            { value: 'month', label: t('monthly') },
            { value: 'year', label: t('yearly') },
          ]}
          onChange={(next) => change({ interval: next === 'month' ? undefined : next }, { replace: true })}
        />
      </div>
      <div className="plan-cards">
        {plan.plans.map((offer) => (
          <PlanCard
            key={offer.name}
            offer={offer}
            interval={interval}
            current={plan}
            {...(mayWrite && { onChoose: setChosen })}
          />
        ))}
      </div>
      <PlanDialog key={chosen?.offer.name ?? ''} choice={chosen} current={plan} onClose={() => setChosen(null)} />
    </>
  );
}
