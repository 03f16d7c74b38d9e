import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { type BacktestView, backtestView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { Working } from '../../ui/working.tsx';
import { BacktestResult } from './backtest-result.tsx';
import { backtestTexts } from './backtest-texts.ts';
import { rulesTexts } from './rules-texts.ts';

const PATH = '/control/v1/enforcement/backtests';
const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 700;

interface BacktestPanelProps {
  /** Null while it is no good rule. */
  readonly document: object | null;
}

/** What a rule would have hit on stored events, beside the version in force. */
export function BacktestPanel({ document }: BacktestPanelProps) {
  const t = useTexts(backtestTexts);
  const words = useTexts(rulesTexts);
  const formats = useFormats();
  const mayWrite = useMay()('rules.write');
  const [days, setDays] = useState<number>(7);
  const [started, setStarted] = useState<{ readonly id: string; readonly of: string } | null>(null);
  const text = document === null ? null : JSON.stringify(document);
  const start = useApiChange((body: object) => ({ method: 'POST', path: PATH, body, answer: backtestView }), {
    onDone: ({ id }) => setStarted({ id, of: text ?? '' }),
  });
  const run = () => {
    const now = Date.now();
    const span = { from: new Date(now - days * DAY_MS).toISOString(), to: new Date(now).toISOString() };
    void start.run({ document, ...span });
  };
  if (!mayWrite) return <span className="dimmed">{words('only_read')}</span>;
  return (
    <div className="page">
      <Panel title={t('title')}>
        <div className="page" style={{ gap: 12 }}>
          <span className="dimmed">{t('note')}</span>
          <div className="row" style={{ alignItems: 'flex-end' }}>
            <Select
              label={t('days')}
              allowDeselect={false}
              data={DAYS.map((count) => ({ value: String(count), label: formats.number(count) }))}
              value={String(days)}
              onChange={(next) => setDays(Number(next ?? days))}
              w={140}
            />
            <Button variant="default" loading={start.running} disabled={document === null} onClick={run}>
              {t(started === null ? 'start' : 'again')}
            </Button>
            {document === null ? <span className="dimmed">{t('not_ready')}</span> : null}
            {started !== null && text !== null && started.of !== text ? (
              <StatusText status="warn">{t('stale')}</StatusText>
            ) : null}
          </div>
          <FormError error={start.error} />
        </div>
      </Panel>
      {started === null ? null : <Running key={started.id} id={started.id} />}
    </div>
  );
}

function Running({ id }: { readonly id: string }) {
  const t = useTexts(backtestTexts);
  const [over, setOver] = useState(false);
  const request = { path: apiPath`/control/v1/enforcement/backtests/${id}`, answer: backtestView };
  const state = useApi(request, over ? {} : { everyMs: LOOK_EVERY_MS });
  const cancel = useApiChange(
    (one: string) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/backtests/${one}/cancel`,
      body: {},
      answer: backtestView,
    }),
    { refresh: [PATH] },
  );
  const test = state.data;
  if (test === undefined) return <FormError error={state.error} />;
  const goesOn = test.state === 'waiting' || test.state === 'running';
  if (over === goesOn) setOver(!goesOn);
  if (!goesOn) return <Ended test={test} />;
  return (
    <div className="panel" style={{ padding: 16 }}>
      <Progress test={test} />
      <div className="row" style={{ marginTop: 10 }}>
        <Button size="compact-sm" variant="default" loading={cancel.running} onClick={() => void cancel.run(id)}>
          {t('cancel')}
        </Button>
      </div>
      <FormError error={cancel.error} />
    </div>
  );
}

function Progress({ test }: { readonly test: BacktestView }) {
  const t = useTexts(backtestTexts);
  const formats = useFormats();
  if (test.state === 'waiting') return <Working label={t('waiting')} share={null} />;
  const { events, events_total: total } = test;
  const label = t('running', { events: formats.compact(events), total: formats.compact(total) });
  return <Working label={label} share={total === 0 ? null : Math.min(events / total, 1)} />;
}

function Ended({ test }: { readonly test: BacktestView }) {
  const t = useTexts(backtestTexts);
  if (test.result !== null) return <BacktestResult test={test} result={test.result} />;
  return (
    <StatusText status={test.state === 'failed' ? 'bad' : 'none'}>
      {test.state === 'failed' ? t('failed', { why: test.problem ?? '' }) : t('cancelled')}
    </StatusText>
  );
}
