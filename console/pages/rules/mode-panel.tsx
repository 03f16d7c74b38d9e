import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { RULE_MODES, type RuleMode, type RuleView, ruleView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { modeWord, RULES_PATH } from './rule-words.ts';
import { rulesTexts } from './rules-texts.ts';

/** How much a rule may do, to be changed with a reason. */
export function ModePanel({ rule }: { readonly rule: RuleView }) {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  const mayWrite = useMay()('rules.write');
  const onError = useErrorToast();
  const [mode, setMode] = useState<RuleMode>(rule.mode);
  const [percent, setPercent] = useState(rule.canary_percent);
  const [note, setNote] = useState('');
  const change = useApiChange(
    (body: object) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/rules/${rule.name}/mode`,
      body,
      answer: ruleView,
    }),
    {
      refresh: [RULES_PATH],
      onDone: (changed) => {
        setNote('');
        toast('good', t('mode_set', { name: changed.name, mode: modeWord(t, formats, changed) }));
      },
      onError,
    },
  );
  if (!mayWrite) return <span className="dimmed">{t('only_read')}</span>;
  const data = RULE_MODES.map((value) => ({
    value,
    label: modeWord(t, formats, { mode: value, canary_percent: percent }),
  }));
  return (
    <form
      className="row"
      style={{ alignItems: 'flex-end' }}
      onSubmit={(event) => {
        event.preventDefault();
        void change.run({ mode, note: note.trim(), ...(mode === 'canary' && { canary_percent: percent }) });
      }}
    >
      <Select
        label={t('mode')}
        allowDeselect={false}
        data={data}
        value={mode}
        onChange={(value) => setMode(RULE_MODES.find((one) => one === value) ?? mode)}
        w={170}
      />
      {mode === 'canary' ? (
        <NumberInput
          label={t('percent')}
          min={1}
          max={99}
          allowDecimal={false}
          value={percent}
          onChange={(value) => setPercent(Number(value) || 1)}
          w={190}
        />
      ) : null}
      <TextInput
        label={t('mode_why')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
        w={260}
      />
      <Button type="submit" variant="default" loading={change.running} disabled={isSame(rule, mode, percent)}>
        {t('set_mode')}
      </Button>
    </form>
  );
}

function isSame(rule: RuleView, mode: RuleMode, percent: number): boolean {
  return mode === rule.mode && (mode !== 'canary' || percent === rule.canary_percent);
}
