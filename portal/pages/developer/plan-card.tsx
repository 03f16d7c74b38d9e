import { Button } from '@mantine/core';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import type { PortalPlanView } from '../../../src/portal/billing/contract.ts';
import { planTexts } from './plan-texts.ts';

type Offer = PortalPlanView['plans'][number];
type Interval = 'month' | 'year';

export interface PlanChoice {
  readonly offer: Offer;
  readonly interval: Interval;
  /** Begins a trial, which costs nothing. */
  readonly trial: boolean;
}

interface PlanCardProps {
  readonly offer: Offer;
  readonly interval: Interval;
  readonly current: PortalPlanView;
  /** Left out for who may not choose. */
  readonly onChoose?: (choice: PlanChoice) => void;
}

/** One plan: its price, what it gives, and the way to it. */
export function PlanCard({ offer, interval, current, onChoose }: PlanCardProps) {
  const t = useTexts(planTexts);
  const { subscription } = current;
  const live = subscription !== null && subscription.state !== 'ended';
  const isCurrent = live && subscription.plan === offer.name && subscription.interval === interval;
  const fee = interval === 'month' ? offer.month_nano : offer.year_nano;
  const isFree = (offer.month_nano ?? offer.year_nano) === '0';
  // What is free is had without choosing it.
  const isIdle = !live && isFree && current.plan === offer.name;
  return (
    <section className="plan-card" data-current={isCurrent || isIdle} aria-label={offer.name}>
      <h3>{offer.name}</h3>
      <PlanPrice offer={offer} interval={interval} />
      <PlanFacts offer={offer} />
      {isCurrent || isIdle ? (
        <StatusText status="good">{t('current')}</StatusText>
      ) : onChoose === undefined || (fee === null && !isFree) ? null : (
        <PlanButtons offer={offer} interval={interval} current={current} onChoose={onChoose} />
      )}
    </section>
  );
}

function PlanButtons({ offer, interval, current, onChoose }: Required<PlanCardProps>) {
  const t = useTexts(planTexts);
  const { subscription, trial_used: trialUsed } = current;
  const live = subscription !== null && subscription.state !== 'ended';
  const fresh = !live || isFreeNow(current);
  const mayTry = offer.trial_days > 0 && !trialUsed && fresh;
  return (
    <div className="row">
      <Button variant={mayTry ? 'default' : 'filled'} onClick={() => onChoose({ offer, interval, trial: false })}>
        {t(fresh ? 'start' : 'change')}
      </Button>
      {mayTry ? <Button onClick={() => onChoose({ offer, interval, trial: true })}>{t('try')}</Button> : null}
    </div>
  );
}

/** The plan one has costs nothing, so that another is begun in its place. */
export function isFreeNow({ subscription, plans }: PortalPlanView): boolean {
  const own = plans.find(({ name }) => name === subscription?.plan);
  return own !== undefined && (subscription?.interval === 'year' ? own.year_nano : own.month_nano) === '0';
}

function PlanPrice({ offer, interval }: Pick<PlanCardProps, 'offer' | 'interval'>) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  const fee = interval === 'month' ? offer.month_nano : offer.year_nano;
  if ((offer.month_nano ?? offer.year_nano) === '0') return <span className="plan-price">{t('free')}</span>;
  if (fee === null) return <span className="dimmed">{t(interval === 'month' ? 'only_year' : 'only_month')}</span>;
  return (
    <span>
      <span className="plan-price">{t(`a_${interval}`, { price: formats.money(fee) })}</span>
      {offer.seats.max > 1 ? <span className="dimmed"> {t('each_seat')}</span> : null}
    </span>
  );
}

function PlanFacts({ offer }: Pick<PlanCardProps, 'offer'>) {
  const t = useTexts(planTexts);
  const formats = useFormats();
  const signup = offer.signup_tranches_nano.reduce((sum, part) => sum + BigInt(part), 0n);
  const { min, max } = offer.seats;
  const share = formats.share(Math.abs(offer.margin_bp) / 10_000);
  const price = offer.margin_bp === 0 ? t('list_prices') : t(offer.margin_bp < 0 ? 'discount' : 'markup', { share });
  const included = { amount: formats.money(offer.included_credit_nano) };
  return (
    <ul>
      {offer.included_credit_nano === '0' ? null : <li>{t(max > 1 ? 'included_seat' : 'included', included)}</li>}
      {signup === 0n ? null : <li>{t('signup', { amount: formats.money(signup) })}</li>}
      <li>{price}</li>
      <li>
        {min === max ? t('seats', { min }) : t('seats_range', { min: formats.number(min), max: formats.number(max) })}
      </li>
      {offer.trial_days === 0 ? null : <li>{t('trial', { count: offer.trial_days })}</li>}
    </ul>
  );
}
