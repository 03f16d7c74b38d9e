import { Button, Modal, NumberInput, Radio } from '@mantine/core';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { type ApiChange, useApi, useApiChange } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import {
  type PortalPaymentView,
  portalPlanChangedView,
  type PortalPlanChangedView,
  portalPlanQuoteView,
  type PortalPlanView,
} from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { isFreeNow, type PlanChoice } from './plan-card.tsx';
import { planTexts } from './plan-texts.ts';

interface PlanDialogProps {
  /** Null while it is closed. */
  readonly choice: PlanChoice | null;
  readonly current: PortalPlanView;
  readonly onClose: () => void;
}

/** Begins a plan or changes to it: what it costs now, how it is paid. */
export function PlanDialog({ choice, current, onClose }: PlanDialogProps) {
  const t = useTexts(planTexts);
  return (
    <Modal opened={choice !== null} onClose={onClose} title={t('dialog', { plan: choice?.offer.name ?? '' })}>
      {choice === null ? null : <PlanForm choice={choice} current={current} onClose={onClose} />}
    </Modal>
  );
}

type Driver = PortalPlanView['drivers'][number];

interface PlanFormProps extends PlanDialogProps {
  readonly choice: PlanChoice;
}

function PlanForm({ choice, current, onClose }: PlanFormProps) {
  const t = useTexts(planTexts);
  const { id } = useAccount();
  const { offer, interval, trial } = choice;
  const { subscription } = current;
  const begins = subscription === null || subscription.state === 'ended' || isFreeNow(current);
  const seatsBefore = begins ? 1 : Math.min(subscription.seats, offer.seats.max);
  const [seats, setSeats] = useState(Math.max(offer.seats.min, seatsBefore));
  const [driver, setDriver] = useState<Driver>(current.drivers[0] ?? 'manual');
  const quote = useApi(
    {
      path: apiPath`/portal/v1/accounts/${id}/plan/quote`,
      query: { plan: offer.name, interval, seats },
      answer: portalPlanQuoteView,
    },
    { enabled: !trial },
  );
  const change = usePlanChange(choice, { begins, seats, driver }, onClose);
  const ordered = change.answer?.payment ?? null;
  if (ordered !== null && change.answer?.url === null) return <Ordered payment={ordered} onClose={onClose} />;
  const due = trial ? 0n : BigInt(quote.data?.due_nano ?? '0');
  // What is in use is not paid up here: an order for it would be an order for a second plan.
  const blocked = !begins && due > 0n;
  return (
    <div className="page">
      {offer.seats.max > offer.seats.min ? (
        <NumberInput
          label={t('how_many')}
          min={offer.seats.min}
          max={offer.seats.max}
          allowDecimal={false}
          value={seats}
          onChange={(next) => setSeats(typeof next === 'number' ? next : offer.seats.min)}
        />
      ) : null}
      {trial ? <p className="developer-line">{t('trial', { count: offer.trial_days })}</p> : null}
      {trial || quote.data === undefined ? null : <Cost quote={quote.data} current={current} />}
      {begins && due > 0n ? <DriverChoice drivers={current.drivers} driver={driver} onChange={setDriver} /> : null}
      {blocked ? <p className="developer-line">{t('upgrade_note')}</p> : null}
      <FormError error={change.error ?? quote.error} />
      <div className="row developer-end">
        {blocked ? (
          <Button onClick={onClose}>{t('back')}</Button>
        ) : (
          <Button
            loading={change.running}
            disabled={!trial && quote.data === undefined}
            onClick={() => void change.run(undefined)}
          >
            {t(due === 0n ? 'go_on' : driver === 'stripe' ? 'pay' : 'order')}
          </Button>
        )}
      </div>
    </div>
  );
}

interface Wanted {
  /** A plan is begun, not one in use changed. */
  readonly begins: boolean;
  readonly seats: number;
  readonly driver: Driver;
}

/** Begins or changes the plan; goes on to the page of the payment service where there is one. */
function usePlanChange(
  { offer, interval, trial }: PlanChoice,
  { begins, seats, driver }: Wanted,
  onDone: () => void,
): ApiChange<undefined, PortalPlanChangedView> {
  const t = useTexts(planTexts);
  const { id } = useAccount();
  return useApiChange(
    () => ({
      method: 'POST' as const,
      path: begins ? apiPath`/portal/v1/accounts/${id}/plan/start` : apiPath`/portal/v1/accounts/${id}/plan/change`,
      body: { plan: offer.name, interval, seats, ...(begins && { trial, driver }) },
      answer: portalPlanChangedView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: ({ payment, url }) => {
        if (url !== null) {
          window.location.assign(url);
        } else if (payment === null) {
          toast('good', begins ? t('begun', { plan: offer.name }) : t('changed'));
          onDone();
        }
      },
    },
  );
}

/** An invoice was ordered: what it is paid under. */
function Ordered({ payment, onClose }: { readonly payment: PortalPaymentView; readonly onClose: () => void }) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  return (
    <div className="page">
      <p className="developer-line">{t('ordered', { id: payment.id, amount: formats.money(payment.amount_nano) })}</p>
      <div className="row developer-end">
        <Button onClick={onClose}>{t('back')}</Button>
      </div>
    </div>
  );
}

interface DriverChoiceProps {
  readonly drivers: readonly Driver[];
  readonly driver: Driver;
  readonly onChange: (driver: Driver) => void;
}

function DriverChoice({ drivers, driver, onChange }: DriverChoiceProps) {
  const t = useTexts(planTexts);
  if (drivers.length < 2) return null;
  return (
    <Radio.Group label={t('by')} value={driver} onChange={(next) => onChange(next === 'stripe' ? 'stripe' : 'manual')}>
      <div className="page" style={{ gap: 8, marginTop: 6 }}>
        {drivers.map((one) => (
          <Radio key={one} value={one} label={t(`by_${one}`)} />
        ))}
      </div>
    </Radio.Group>
  );
}

interface CostProps {
  readonly quote: { readonly due_nano: string; readonly fee_nano: string; readonly effective: 'now' | 'period_end' };
  readonly current: PortalPlanView;
}

function Cost({ quote, current: { subscription } }: CostProps) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  const later = t('takes_effect_later', { date: formats.date(subscription?.period_end ?? null) });
  return (
    <div>
      <KeyValues
        items={[
          [t('due_now'), formats.money(quote.due_nano)],
          [t('fee'), formats.money(quote.fee_nano)],
        ]}
      />
      <p className="developer-line dimmed">
        {quote.effective === 'now' ? t('takes_effect_now') : later}
        {quote.due_nano === '0' ? '' : ` ${t('due_note')}`}
      </p>
    </div>
  );
}
