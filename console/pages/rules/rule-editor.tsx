import { Alert, Button, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { checkView, type RuleView, ruleView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { CheckPanel } from './check-panel.tsx';
import { editorTexts } from './editor-texts.ts';
import { documentOf, draftOf, type RuleDraft } from './rule-draft.ts';
import { RULES_PATH } from './rule-words.ts';
import { rulesTexts } from './rules-texts.ts';

const TYPING_MS = 400;
const CONFLICT = 409;
const MONOSPACE = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

interface RuleEditorProps {
  /** Null: one that is not there yet. */
  readonly rule: RuleView | null;
  readonly draft: RuleDraft;
  readonly onChange: (draft: RuleDraft) => void;
  /** Hears whether the draft is a good rule, after each change. */
  readonly onChecked: (good: boolean) => void;
  readonly onReload: () => void;
  readonly onSaved: (name: string) => void;
}

/** The condition and everything else, checked by the service a moment after each change. */
export function RuleEditor({ rule, draft, onChange, onChecked, onReload, onSaved }: RuleEditorProps) {
  const t = useTexts(editorTexts);
  const when = useRef<HTMLTextAreaElement>(null);
  const read = useMemo(() => documentOf(draft), [draft]);
  const [asked] = useDebouncedValue(read, TYPING_MS);
  const body = 'document' in asked ? asked : null;
  const check = useApi(
    { method: 'POST', path: `${RULES_PATH}/check`, body: body ?? {}, answer: checkView },
    { enabled: body !== null },
  );
  const settled = asked === read && 'document' in read && !check.refreshing && !check.loading;
  const good = settled && check.data?.problems.length === 0;
  useEffect(() => onChecked(good), [good, onChecked]);
  const showPlace = (start: number, end: number) => {
    when.current?.focus();
    when.current?.setSelectionRange(start, end);
  };
  return (
    <div className="columns">
      <div className="page">
        <Panel title={t('when')}>
          <Textarea
            ref={when}
            aria-label={t('when')}
            description={t('when_note')}
            autosize
            minRows={4}
            maxRows={16}
            maxLength={4_000}
            spellCheck={false}
            translate="no"
            styles={MONOSPACE}
            value={draft.when}
            onChange={(event) => onChange({ ...draft, when: event.currentTarget.value })}
          />
        </Panel>
        <Panel title={t('rest')}>
          <Textarea
            aria-label={t('rest')}
            description={t('rest_note')}
            error={'why' in read ? t('json_bad', read) : null}
            autosize
            minRows={14}
            maxRows={32}
            spellCheck={false}
            translate="no"
            styles={MONOSPACE}
            value={draft.rest}
            onChange={(event) => onChange({ ...draft, rest: event.currentTarget.value })}
          />
        </Panel>
        <SaveForm rule={rule} draft={draft} good={good} onReload={onReload} onSaved={onSaved} />
      </div>
      <CheckPanel state={check} checking={!settled} onShow={showPlace} />
    </div>
  );
}

type SaveFormProps = Pick<RuleEditorProps, 'rule' | 'draft' | 'onReload' | 'onSaved'> & { readonly good: boolean };

function SaveForm({ rule, draft, good, onReload, onSaved }: SaveFormProps) {
  const t = useTexts(editorTexts);
  const words = useTexts(rulesTexts);
  const mayWrite = useMay()('rules.write');
  const [note, setNote] = useState('');
  const read = documentOf(draft);
  const name = 'document' in read && 'name' in read.document ? String(read.document.name) : '';
  const save = useApiChange(
    (body: object) => ({
      method: 'PUT',
      path: apiPath`/control/v1/enforcement/rules/${name}`,
      body,
      answer: ruleView,
    }),
    {
      refresh: [RULES_PATH],
      onDone: (saved) => {
        toast('good', t('saved', { name: saved.name, version: saved.version }));
        onSaved(saved.name);
      },
    },
  );
  if (!mayWrite) return <span className="dimmed">{words('only_read')}</span>;
  const before = rule === null ? null : draftOf(rule.document);
  const unchanged = before !== null && before.when === draft.when && before.rest === draft.rest;
  const overtaken = save.error?.status === CONFLICT && save.error.reason === 'changed_meanwhile';
  return (
    <form
      className="page"
      style={{ gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        if ('document' in read) {
          void save.run({ document: read.document, base_version: rule?.version ?? 0, note: note.trim() });
        }
      }}
    >
      <TextInput
        label={t('save_note')}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {overtaken ? (
        <Alert role="alert" variant="outline" color="var(--candor-warn)" p="xs">
          <span className="row">
            {t('overtaken')}
            <Button size="compact-sm" variant="default" onClick={onReload}>
              {t('reload')}
            </Button>
          </span>
        </Alert>
      ) : (
        <FormError error={save.error} />
      )}
      <div className="row">
        <Button type="submit" loading={save.running} disabled={!good || unchanged}>
          {t('save')}
        </Button>
        <span className="dimmed">{t(unchanged ? 'unchanged' : 'save_new')}</span>
      </div>
    </form>
  );
}
