import { Button } from '@mantine/core';
import { type BudgetView, ownReviewerView } from '../../../src/enforcement/cases/contract.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { StatusText } from '../../ui/status.tsx';
import { caseTexts } from './case-texts.ts';
import './enforcement.css';
import { CASE_PATHS } from './use-next-case.ts';

const LOOK_EVERY_MS = 60_000;

/** What whoever looks at this may still look at today, and being away. */
export function OwnDay() {
  const t = useTexts(caseTexts);
  const mayDecide = useMay()('enforcement.write');
  const state = useApi(
    { path: '/control/v1/enforcement/reviewers/me', answer: ownReviewerView },
    { enabled: mayDecide, everyMs: LOOK_EVERY_MS },
  );
  if (!mayDecide) return <span className="dimmed">{t('may_not')}</span>;
  if (state.data === undefined) return null;
  return (
    <section className="panel own-day" aria-label={t('budget')}>
      <strong>{t('budget')}</strong>
      <BudgetLine budget={state.data.budget} />
      {state.data.away ? <StatusText status="warn">{t('away_note')}</StatusText> : null}
      <AwayButton away={state.data.away} holds={state.data.holds} />
    </section>
  );
}

function AwayButton({ away, holds }: { readonly away: boolean; readonly holds: number }) {
  const t = useTexts(caseTexts);
  const onError = useErrorToast();
  const change = useApiChange(
    (body: { readonly away: boolean }) => ({
      method: 'POST',
      path: '/control/v1/enforcement/reviewers/me/away',
      body,
      answer: ownReviewerView,
    }),
    { refresh: CASE_PATHS, onError },
  );
  const go = async () => {
    const question = {
      title: t('away_title'),
      message: t('away_confirm', { count: holds }),
      confirm: t('away'),
      cancel: t('cancel'),
    };
    if (away || holds === 0 || (await confirm(question))) await change.run({ away: !away });
  };
  return (
    <Button variant="default" size="compact-sm" loading={change.running} onClick={() => void go()}>
      {t(away ? 'back' : 'away')}
    </Button>
  );
}

/** How much of a day is used up, as words and bars. */
export function BudgetLine({ budget }: { readonly budget: BudgetView }) {
  const t = useTexts(caseTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const { minutes_used: minutes, minutes_max: minutesMax, severe_used: severe, severe_max: severeMax } = budget;
  const isUsed = minutes >= minutesMax || severe >= severeMax;
  return (
    <>
      <Meter used={minutes} max={minutesMax}>
        {t('budget_minutes', { used: formats.number(minutes), max: formats.number(minutesMax) })}
      </Meter>
      <Meter used={severe} max={severeMax}>
        {t('budget_severe', { used: formats.number(severe), max: formats.number(severeMax) })}
      </Meter>
      {budget.streak_conduct === null || budget.streak < 2 ? null : (
        <span className="dimmed">
          {t('budget_streak', {
            count: budget.streak,
            conduct: enforcementWord(words, 'conduct', budget.streak_conduct),
          })}
        </span>
      )}
      {isUsed ? (
        <StatusText status="warn">{t('budget_used', { time: formats.shortTime(budget.resets_at) })}</StatusText>
      ) : null}
    </>
  );
}

interface MeterProps {
  readonly used: number;
  readonly max: number;
  readonly children: string;
}

/** The bar is for the eye alone: its words say the same. */
function Meter({ used, max, children }: MeterProps) {
  const share = max === 0 ? 1 : Math.min(1, used / max);
  return (
    <span className="meter">
      <span>{children}</span>
      <span className="meter-bar" aria-hidden>
        <span data-full={share >= 1} style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}
