import { SegmentedControl } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import {
  type DecisionDetailView,
  decisionDetailView,
  type DecisionView,
  statementView,
} from '../../../src/enforcement/decisions/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { UnitText } from '../../components/unit-text.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import { CopyId, shortId } from '../../ui/copy-id.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { decisionsTexts } from './decisions-texts.ts';

/** One decision: what it rests on, what the person reads, and where it stands in the record. */
export function DecisionPage() {
  const t = useTexts(decisionsTexts);
  const { id = '' } = useParams({ strict: false });
  const state = useApi({ path: apiPath`/control/v1/enforcement/decisions/${id}`, answer: decisionDetailView });
  const shown = state.data?.decision.id === id ? state.data : undefined;
  return (
    <div className="page">
      <PageHeader title={t('decision')} note={<CopyId id={id} />}>
        <Link to="/enforcement/decisions" className="link">
          {t('all_decisions')}
        </Link>
      </PageHeader>
      <ApiPart state={{ ...state, data: shown }}>
        {(detail) => (
          <>
            <div className="columns">
              <Panel title={t('facts')}>
                <Facts detail={detail} />
              </Panel>
              <Panel title={t('recorded')}>
                <Recorded detail={detail} />
              </Panel>
            </div>
            <Read decision={detail.decision} />
          </>
        )}
      </ApiPart>
    </div>
  );
}

function Facts({ detail }: { readonly detail: DecisionDetailView }) {
  const t = useTexts(decisionsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const { decision } = detail;
  const { facts, step, certificate, about } = decision;
  const items: (readonly [string, ReactNode])[] = [
    [t('who'), <UnitText key="who" unit={decision.unit} />],
    [t('kind'), t(`kind_${decision.kind}`)],
    [t('step'), step === null ? '–' : enforcementWord(words, 'step', step)],
    [t('conduct'), facts === null ? '–' : enforcementWord(words, 'conduct', facts.conduct)],
    [t('from'), formats.time(decision.start)],
    [t('until'), decision.until === null ? t('for_good') : formats.time(decision.until)],
    [t('automation'), t(`automation_${decision.automated_decision}`)],
    [t('author'), <AuthorText key="author" author={decision.author} />],
    [
      t('policy'),
      <span key="policy" className="mono">
        {decision.policy}
      </span>,
    ],
  ];
  if (facts !== null) {
    items.push(
      [t('found'), facts.sources.map((source) => enforcementWord(words, 'source', source)).join(', ')],
      [t('requests'), formats.number(facts.requests)],
      [t('incidents'), facts.incidents.length === 0 ? '–' : facts.incidents.map(shortId).join(', ')],
    );
  }
  if (certificate !== null) {
    const { bound, method, requests } = certificate;
    const share = `1 : ${formats.number(Math.floor(1 / bound))}`;
    items.push([t('certificate'), t('certificate_said', { share, method, requests })]);
  }
  if (about !== null) items.push([t('about'), <DecisionLink key="about" id={about} />]);
  if (detail.followed_by.length > 0) {
    const links = detail.followed_by.map((id) => <DecisionLink key={id} id={id} />);
    items.push([
      t('followed'),
      <span key="followed" className="row">
        {links}
      </span>,
    ]);
  }
  return <KeyValues items={items} />;
}

function AuthorText({ author }: { readonly author: DecisionView['author'] }) {
  const t = useTexts(decisionsTexts);
  return author.kind === 'automatic' ? t('author_ladder', { version: author.version }) : author.ids.join(', ');
}

function DecisionLink({ id }: { readonly id: string }) {
  return (
    <Link to="/enforcement/decisions/$id" params={{ id }} className="link mono">
      {shortId(id)}
    </Link>
  );
}

function Recorded({ detail: { recorded, told_at: toldAt } }: { readonly detail: DecisionDetailView }) {
  const t = useTexts(decisionsTexts);
  const formats = useFormats();
  const told = [t('told'), toldAt === null ? t('told_not') : formats.time(toldAt)] as const;
  if (recorded === null) {
    return (
      <>
        <StatusText status="bad">{t('recorded_none')}</StatusText>
        <KeyValues items={[told]} />
      </>
    );
  }
  const { seq, hash, prev_hash: before, intact } = recorded;
  return (
    <>
      <StatusText status={intact ? 'good' : 'bad'}>
        {t(intact ? 'recorded_intact' : 'recorded_changed', { seq: formats.number(seq) })}
      </StatusText>
      <KeyValues
        items={[
          [t('hash'), <CopyId key="hash" id={hash} />],
          [t('previous'), <CopyId key="before" id={before} />],
          told,
        ]}
      />
    </>
  );
}

/** The notice and the statement of reasons, in either language. */
function Read({ decision }: { readonly decision: DecisionView }) {
  const t = useTexts(decisionsTexts);
  const { language: ours } = useLanguage();
  const [language, setLanguage] = useState<'en' | 'zh'>(ours);
  const state = useApi({
    path: apiPath`/control/v1/enforcement/decisions/${decision.id}/statement`,
    answer: statementView,
  });
  const choice = (
    <SegmentedControl
      size="xs"
      aria-label={t('language')}
      value={language}
      data={[
        { value: 'en', label: t('language_en') },
        { value: 'zh', label: t('language_zh') },
      ]}
      onChange={(value) => setLanguage(value === 'zh' ? 'zh' : 'en')}
    />
  );
  return (
    <div className="columns">
      <Panel title={t('notice')} actions={choice}>
        <div lang={language} style={{ whiteSpace: 'pre-line' }}>
          {`${decision.notice[language]}\n\n${decision.redress[language]}`}
        </div>
      </Panel>
      <Panel title={t('statement')}>
        <ApiPart state={state}>
          {({ parts }) => (
            <div lang={language}>
              <KeyValues items={parts.map(({ heading, text }) => [heading[language], text[language]])} />
            </div>
          )}
        </ApiPart>
      </Panel>
    </div>
  );
}
