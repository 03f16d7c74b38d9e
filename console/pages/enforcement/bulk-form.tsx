import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { z } from 'zod';
import { caseRowView, QUERY_CHARS_MAX } from '../../../src/enforcement/cases/contract.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useSearchState } from '../../components/search-state.ts';
import { useTexts } from '../../locales/language.tsx';
import { bulkTexts } from './bulk-texts.ts';

const CONDUCTS = caseRowView.shape.conduct.options;
const OUTCOMES = ['harmless', 'confirm', 'other'] as const;
const REASON_MIN = 8;
const QUERY_EXAMPLE = 'kind == "incident" && conduct == "circumvention" && product == "chat"';
const search = z.object({ query: z.string().catch('') });

/** What many cases are decided as. */
export interface BulkOrder {
  readonly outcome: (typeof OUTCOMES)[number];
  readonly reason: string;
  readonly conduct?: string;
}

interface BulkFormProps {
  readonly running: boolean;
  readonly onShow: (query: string, order: BulkOrder) => void;
  /** What is shown no longer belongs to what is written. */
  readonly onChange: () => void;
}

/** Which cases, what they are and why. */
export function BulkForm({ running, onShow, onChange }: BulkFormProps) {
  const t = useTexts(bulkTexts);
  const [{ query: given }, changeSearch] = useSearchState(search);
  const [query, setQuery] = useState(given);
  const [outcome, setOutcome] = useState<BulkOrder['outcome']>('harmless');
  const [conduct, setConduct] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const isShort = reason.trim().length < REASON_MIN;
  const lacksConduct = outcome === 'other' && conduct === null;
  const submit = () => {
    setAsked(true);
    if (isShort || lacksConduct || query.trim() === '') return;
    changeSearch({ query: query.trim() }, { replace: true });
    onShow(query.trim(), {
      outcome,
      reason: reason.trim(),
      ...(conduct !== null && outcome === 'other' ? { conduct } : {}),
    });
  };
  const changed =
    <Value,>(set: (value: Value) => void) =>
    (value: Value) => {
      set(value);
      onChange();
    };
  return (
    <form
      className="page"
      style={{ gap: 12 }}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        label={t('query')}
        placeholder={QUERY_EXAMPLE}
        classNames={{ input: 'mono' }}
        required
        maxLength={QUERY_CHARS_MAX}
        value={query}
        onChange={(event) => changed(setQuery)(event.currentTarget.value)}
      />
      <OutcomeChoice
        outcome={outcome}
        conduct={conduct}
        lacksConduct={isAsked && lacksConduct}
        onOutcome={changed(setOutcome)}
        onConduct={changed(setConduct)}
      />
      <TextInput
        label={t('reason')}
        placeholder={t('reason_hint')}
        maxLength={1_000}
        value={reason}
        error={isAsked && isShort ? t('reason_short') : undefined}
        onChange={(event) => changed(setReason)(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" loading={running}>
          {t('preview')}
        </Button>
      </div>
    </form>
  );
}

interface OutcomeChoiceProps {
  readonly outcome: BulkOrder['outcome'];
  readonly conduct: string | null;
  readonly lacksConduct: boolean;
  readonly onOutcome: (outcome: BulkOrder['outcome']) => void;
  readonly onConduct: (conduct: string | null) => void;
}

function OutcomeChoice({ outcome, conduct, lacksConduct, onOutcome, onConduct }: OutcomeChoiceProps) {
  const t = useTexts(bulkTexts);
  const words = useTexts(enforcementTexts);
  return (
    <div className="row">
      <SegmentedControl
        aria-label={t('outcome')}
        value={outcome}
        data={OUTCOMES.map((value) => ({ value, label: t(`outcome_${value}`) }))}
        onChange={(value) => onOutcome(OUTCOMES.find((one) => one === value) ?? 'harmless')}
      />
      {outcome !== 'other' ? null : (
        <Select
          aria-label={t('conduct')}
          placeholder={t('conduct')}
          value={conduct}
          error={lacksConduct}
          data={CONDUCTS.map((value) => ({ value, label: enforcementWord(words, 'conduct', value) }))}
          onChange={onConduct}
        />
      )}
    </div>
  );
}
