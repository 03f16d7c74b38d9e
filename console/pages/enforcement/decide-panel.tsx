import { Button, Kbd, Select, Textarea } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type CaseView, caseView, type Outcome, OUTCOMES } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import { casePageTexts } from './case-page-texts.ts';
import { KeyLine } from './key-line.tsx';
import { useUndoCase } from './ruling-panel.tsx';
import { useKeys } from './use-keys.ts';
import { CASE_PATHS, useNextCase } from './use-next-case.ts';

const KEY_OF: Readonly<Record<Outcome, string>> = {
  confirm: 'a',
  harmless: 'h',
  other: 'o',
  escalate: 'e',
  need_info: 'i',
};
const CONDUCTS = caseView.shape.conduct.options;
const REASON_MIN = 8;

/** What the viewer makes of a case: an outcome, what follows from it, and why. */
export function DecidePanel({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const reason = useRef<HTMLTextAreaElement>(null);
  const offered = OUTCOMES.filter((value) => value !== 'other' || one.kind !== 'suspension');
  const choose = (value: Outcome) => {
    setOutcome(value);
    setTimeout(() => reason.current?.focus(), 0);
  };
  useDecidingKeys(one, offered, choose);
  return (
    <Panel title={t('decide')}>
      <div className="page wraps" style={{ gap: 12 }}>
        {one.awaited === null ? null : (
          <StatusText status="warn">
            {t('awaited', {
              name: one.awaited.by.name,
              outcome: t(`outcome_${one.awaited.outcome}`),
              step: one.awaited.step === null ? '' : ` · ${enforcementWord(words, 'step', one.awaited.step)}`,
            })}
          </StatusText>
        )}
        {one.awaited === null ? null : (
          <span className="dimmed" translate="no">
            {one.awaited.reason}
          </span>
        )}
        <div className="outcomes" role="group" aria-label={t('decide')}>
          {offered.map((value) => (
            <Button
              key={value}
              variant={value === outcome ? 'filled' : 'default'}
              aria-pressed={value === outcome}
              disabled={one.barred !== null}
              rightSection={
                <Kbd size="xs" aria-hidden>
                  {KEY_OF[value]}
                </Kbd>
              }
              onClick={() => choose(value)}
            >
              {t(`outcome_${value}`)}
            </Button>
          ))}
        </div>
        {outcome === null ? null : <DecideForm key={outcome} one={one} outcome={outcome} reasonRef={reason} />}
        <KeyLine
          keys={[
            ['r', t('keys_read')],
            ['n', t('keys_next')],
            ['b', t('keys_back')],
            ['Ctrl Enter', t('keys_submit')],
          ]}
        />
      </div>
    </Panel>
  );
}

function useDecidingKeys(one: CaseView, offered: readonly Outcome[], choose: (outcome: Outcome) => void): void {
  const navigate = useNavigate();
  const next = useNextCase();
  const outcomes = one.barred === null ? offered : [];
  useKeys({
    ...Object.fromEntries(outcomes.map((value) => [KEY_OF[value], () => choose(value)])),
    n: next.take,
    b: () => void navigate({ to: '/enforcement/cases' }),
    r: () => document.getElementById('reveal-reason')?.focus(),
  });
}

interface DecideFormProps {
  readonly one: CaseView;
  readonly outcome: Outcome;
  readonly reasonRef: React.RefObject<HTMLTextAreaElement | null>;
}

function DecideForm({ one, outcome, reasonRef }: DecideFormProps) {
  const t = useTexts(casePageTexts);
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const [conduct, setConduct] = useState<string | null>(null);
  const [step, setStep] = useState<string | null>(
    outcome === 'confirm' ? (one.awaited?.step ?? one.ladder.wanted ?? null) : null,
  );
  const [said, setSaid] = useState({ note: '', alternatives: '' });
  const decide = useDecide(one);
  const isShort = reason.trim().length < REASON_MIN;
  const submit = () => {
    setAsked(true);
    if (isShort || (outcome === 'other' && conduct === null)) return;
    const steps = outcome === 'confirm' && step !== null ? { step, ...said } : {};
    void decide.run({ outcome, reason: reason.trim(), ...steps, ...(outcome === 'other' ? { conduct } : {}) });
  };
  return (
    <form
      className="page"
      style={{ gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <span className="dimmed">{t(meaningOf(one, outcome))}</span>
      {outcome === 'other' ? <ConductSelect one={one} value={conduct} onChange={setConduct} isAsked={isAsked} /> : null}
      {outcome === 'confirm' ? (
        <StepFields one={one} step={step} onStep={setStep} said={said} onSaid={setSaid} />
      ) : null}
      <Textarea
        ref={reasonRef}
        label={t('why')}
        placeholder={t('why_hint')}
        autosize
        minRows={2}
        maxLength={1_000}
        value={reason}
        error={isAsked && isShort ? t('why_short') : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <FormError error={decide.error} />
      <div>
        <Button type="submit" loading={decide.running}>
          {t('submit')}
        </Button>
      </div>
    </form>
  );
}

function meaningOf(one: CaseView, outcome: Outcome) {
  const isSanctioned = one.sanction_id !== null;
  if (outcome === 'confirm' && one.kind === 'proposal') return 'means_confirm_proposal';
  if (outcome === 'confirm') return isSanctioned ? 'means_confirm_settled' : 'means_confirm';
  if (outcome === 'harmless' && (isSanctioned || one.kind === 'proposal')) return 'means_harmless_good';
  return `means_${outcome}` as const;
}

function useDecide(one: CaseView) {
  const t = useTexts(casePageTexts);
  const navigate = useNavigate();
  const undo = useUndoCase();
  return useApiChange(
    (body: Readonly<Record<string, unknown>>) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/cases/${one.id}/decide`,
      body,
      answer: caseView,
    }),
    {
      refresh: CASE_PATHS,
      onDone: (decided) => {
        const isDecided = decided.state === 'decided';
        const mayUndo = isDecided && decided.ruling?.undo_until !== null;
        const action = mayUndo ? { label: t('undo'), run: () => void undo.run(one.id) } : undefined;
        toast('good', t(decided.awaits_second ? 'passed_on' : 'decided'), action);
        if (decided.state !== 'pending_info') void navigate({ to: '/enforcement/cases' });
      },
    },
  );
}

interface ConductSelectProps {
  readonly one: CaseView;
  readonly value: string | null;
  readonly onChange: (value: string | null) => void;
  readonly isAsked: boolean;
}

function ConductSelect({ one, value, onChange, isAsked }: ConductSelectProps) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  return (
    <Select
      label={t('other_conduct')}
      required
      value={value}
      error={isAsked && value === null}
      data={CONDUCTS.filter((conduct) => conduct !== one.conduct).map((conduct) => ({
        value: conduct,
        label: enforcementWord(words, 'conduct', conduct),
      }))}
      onChange={onChange}
    />
  );
}

interface StepFieldsProps {
  readonly one: CaseView;
  readonly step: string | null;
  readonly onStep: (step: string | null) => void;
  readonly said: { readonly note: string; readonly alternatives: string };
  readonly onSaid: (said: { note: string; alternatives: string }) => void;
}

function StepFields({ one, step, onStep, said, onSaid }: StepFieldsProps) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const { offered, needs_two: needsTwo } = one.ladder;
  if (offered.length === 0) return null;
  const takesTwo = step !== null && needsTwo.some((one) => one === step);
  return (
    <>
      <Select
        label={t('step')}
        placeholder={t('no_step')}
        clearable
        value={step}
        {...(takesTwo ? { description: t('step_two') } : {})}
        data={offered.map((value) => ({ value, label: enforcementWord(words, 'step', value) }))}
        onChange={onStep}
      />
      {step === null ? null : (
        <>
          <Textarea
            label={t('alternatives')}
            autosize
            required
            maxLength={500}
            value={said.alternatives}
            onChange={(event) => onSaid({ ...said, alternatives: event.currentTarget.value })}
          />
          <Textarea
            label={t('note')}
            autosize
            maxLength={500}
            value={said.note}
            onChange={(event) => onSaid({ ...said, note: event.currentTarget.value })}
          />
        </>
      )}
    </>
  );
}
