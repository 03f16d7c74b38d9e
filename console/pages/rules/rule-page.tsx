import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type RuleView, ruleView } from '../../../src/enforcement/rules/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { SearchTabs } from '../../components/search-tabs.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { StatusText } from '../../ui/status.tsx';
import { BacktestPanel } from './backtest-panel.tsx';
import { HitsPanel } from './hits-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { ModePanel } from './mode-panel.tsx';
import { documentOf, draftOf, NEW_RULE, type RuleDraft } from './rule-draft.ts';
import { RuleEditor } from './rule-editor.tsx';
import { MODE_STATUS, modeWord } from './rule-words.ts';
import { rulesTexts } from './rules-texts.ts';

/** One rule, to be read, changed, tried and put in force; `new` is one that is not there yet. */
export function RulePage() {
  const t = useTexts(rulesTexts);
  const { name = '' } = useParams({ strict: false });
  const isNew = name === 'new';
  const state = useApi({ path: apiPath`/control/v1/enforcement/rules/${name}`, answer: ruleView }, { enabled: !isNew });
  if (isNew) return <Parts key="new" rule={null} onReload={() => undefined} />;
  if (state.error?.kind === 'not_found') {
    return (
      <div className="page">
        <PageHeader title={name}>
          <BackLink />
        </PageHeader>
        <div className="panel">
          <EmptyState title={name}>{t('not_known')}</EmptyState>
        </div>
      </div>
    );
  }
  const shown = state.data?.name === name ? state.data : undefined;
  return (
    <ApiPart state={{ ...state, data: shown }}>
      {(rule) => <Parts key={`${rule.name}@${rule.version}`} rule={rule} onReload={state.retry} />}
    </ApiPart>
  );
}

interface PartsProps {
  readonly rule: RuleView | null;
  readonly onReload: () => void;
}

function Parts({ rule, onReload }: PartsProps) {
  const t = useTexts(rulesTexts);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const [draft, setDraft] = useState<RuleDraft>(() => draftOf(rule?.document ?? NEW_RULE));
  const [good, setGood] = useState(rule !== null);
  const read = documentOf(draft);
  const editor = (
    <RuleEditor
      rule={rule}
      draft={draft}
      onChange={setDraft}
      onChecked={setGood}
      onReload={onReload}
      onSaved={(name) => void navigate({ to: '/enforcement/rules/$name', params: { name } })}
    />
  );
  const tryOut = <BacktestPanel document={good && 'document' in read ? read.document : null} />;
  const tabs = [
    { name: 'rule', title: t('tab_rule'), children: editor },
    { name: 'try', title: t('tab_try'), children: tryOut },
  ];
  if (rule !== null) {
    tabs.push(
      { name: 'hits', title: t('tab_hits'), children: <HitsPanel rule={rule.name} /> },
      { name: 'history', title: t('tab_history'), children: <HistoryPanel rule={rule.name} /> },
    );
  }
  return (
    <div className="page">
      <PageHeader title={rule?.name ?? t('new_rule')} note={rule?.document.title[language]}>
        <BackLink />
      </PageHeader>
      {rule === null ? null : <Standing rule={rule} />}
      <SearchTabs label={t('rule')} tabs={tabs} />
    </div>
  );
}

function BackLink() {
  const t = useTexts(rulesTexts);
  return (
    <Link to="/enforcement/rules" className="link">
      {t('all_rules')}
    </Link>
  );
}

function Standing({ rule }: { readonly rule: RuleView }) {
  const t = useTexts(rulesTexts);
  const formats = useFormats();
  return (
    <div className="panel" style={{ padding: 16 }}>
      <div className="row" style={{ justifyContent: 'space-between', alignItems: 'flex-end' }}>
        <div>
          <StatusText status={MODE_STATUS[rule.mode]}>{modeWord(t, formats, rule)}</StatusText>
          <p className="dimmed" style={{ margin: '4px 0 0' }}>
            {rule.paused === null ? t(`mode_${rule.mode}_note`) : t(`pause_${rule.paused.reason}`)}
            {rule.paused === null || rule.paused.detail === '' ? null : (
              <span translate="no"> ({rule.paused.detail})</span>
            )}
          </p>
        </div>
        <ModePanel rule={rule} />
      </div>
    </div>
  );
}
