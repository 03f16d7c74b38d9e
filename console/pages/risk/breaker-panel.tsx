import { Button } from '@mantine/core';
import { type VestingBreakerView, vestingBreakerView } from '../../../src/fraud/vesting/contract.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import { vestingTexts } from './vesting-texts.ts';

const PATH = '/control/v1/vesting/breaker';
const LOOK_EVERY_MS = 15_000;

/** Whether accounts that never paid burn more free credit than is usual, and holding that open or closed. */
export function BreakerPanel() {
  const t = useTexts(vestingTexts);
  const state = useApi({ path: PATH, answer: vestingBreakerView }, { everyMs: LOOK_EVERY_MS });
  return (
    <Panel title={t('breaker')} actions={state.data === undefined ? null : <Verbs breaker={state.data} />}>
      <ApiPart state={state} waiting={null}>
        {(breaker) => <Figures breaker={breaker} />}
      </ApiPart>
    </Panel>
  );
}

function Figures({ breaker }: { readonly breaker: VestingBreakerView }) {
  const t = useTexts(vestingTexts);
  const formats = useFormats();
  return (
    <div className="page">
      <span className="dimmed">{t('breaker_note')}</span>
      <KeyValues
        items={[
          [
            t('state'),
            <StatusText key="state" status={breaker.open ? 'bad' : 'good'}>
              {t(breaker.open ? 'breaker_open' : 'breaker_closed')}
            </StatusText>,
          ],
          [t('since'), formats.time(breaker.since)],
          [t('burned'), formats.money(breaker.burned_nano)],
          [t('forecast'), formats.money(breaker.forecast_nano)],
          [t('pinned'), t(`pinned_${breaker.pinned ?? 'no'}`)],
        ]}
      />
    </div>
  );
}

function Verbs({ breaker }: { readonly breaker: VestingBreakerView }) {
  const t = useTexts(vestingTexts);
  const mayWrite = useMay()('accounts.write');
  const onError = useErrorToast();
  const pin = useApiChange(
    (pinned: VestingBreakerView['pinned']) => ({
      method: 'PUT',
      path: PATH,
      body: { pinned, reason: 'by hand, in the console' },
      answer: vestingBreakerView,
    }),
    { refresh: [PATH], onDone: () => toast('good', t('done')), onError },
  );
  if (!mayWrite) return null;
  const verbs = breaker.pinned === null ? (['open', 'closed'] as const) : ([null] as const);
  return (
    <div className="row" style={{ gap: 8 }}>
      {verbs.map((to) => (
        <Button
          key={to ?? 'no'}
          size="compact-sm"
          variant="outline"
          loading={pin.running}
          onClick={() => void pin.run(to)}
        >
          {t(to === null ? 'let_go' : `hold_${to}`)}
        </Button>
      ))}
    </div>
  );
}
