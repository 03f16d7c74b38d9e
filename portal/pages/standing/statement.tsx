import type { z } from 'zod';
import { useFormats, useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import type { contestView, OwnDecisionView } from '../../../src/portal/redress/contract.ts';
import { decisionTexts } from './decision-texts.ts';
import { useSpanWords, useStateWords, useSubjectWords } from './decision-words.ts';
import './standing.css';

type Stated = z.infer<typeof contestView>['decision'] | OwnDecisionView;

/** What the person was told, paragraph by paragraph, in the language they read in. */
export function NoticePanel({ decision }: { readonly decision: Stated }) {
  const t = useTexts(decisionTexts);
  const { language } = useLanguage();
  return (
    <Panel title={t('notice')}>
      <Said text={decision.notice[language]} />
    </Panel>
  );
}

/** A text as it was written; `own` is in the language of whoever wrote it. */
export function Said({ text, own = false }: { readonly text: string; readonly own?: boolean }) {
  return text.split('\n\n').map((part) => (
    <p key={part} className="said" translate={own ? 'no' : 'yes'}>
      {part}
    </p>
  ));
}

/** What a decision rests on, in the parts the law asks for; no threshold and nobody else. */
export function StatementPanel({ decision }: { readonly decision: Stated }) {
  const t = useTexts(decisionTexts);
  const formats = useFormats();
  const subjectOf = useSubjectWords();
  const spanOf = useSpanWords();
  const state = useStateWords()(decision);
  const { facts, step, conduct, policy } = decision;
  const isSanction = decision.kind === 'sanction';
  const sources = SOURCES.filter((source) => facts?.sources.includes(source)).map((source) => t(`source_${source}`));
  return (
    <Panel title={t('statement')}>
      <KeyValues
        items={[
          isSanction && step !== null ? [t('f_what'), t(`step_${step}`)] : [t('f_kind'), t(`kind_${decision.kind}`)],
          [t('f_about'), subjectOf(decision.subject)],
          ...(conduct === null ? [] : [[t('f_for'), t(`conduct_${conduct}`)] as const]),
          [t('f_decided'), formats.time(decision.at)],
          ...(isSanction ? [[t('f_holds'), spanOf(decision.starts_at, decision.until)] as const] : []),
          [
            t('f_state'),
            <StatusText key="state" status={state.status}>
              {state.word}
            </StatusText>,
          ],
          ...(facts === null || facts.requests === 0
            ? []
            : [
                [t('f_found'), t('requests', { count: facts.requests })] as const,
                [t('f_when'), spanOfFacts(formats.date(facts.first_at), formats.date(facts.last_at))] as const,
              ]),
          ...(facts === null ? [] : [[t('f_how'), sources.join(' · ')] as const]),
          [t('f_by'), t(`auto_${decision.automated_decision}`)],
          [t('f_rule'), t(decision.ground === 'terms' ? 'terms' : 'illegal', { policy })],
          [t('f_where'), decision.territory === 'everywhere' ? t('everywhere') : decision.territory],
          [
            t('f_id'),
            <span key="id" className="mono">
              {decision.id}
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

function spanOfFacts(first: string, last: string): string {
  return first === last ? first : `${first} – ${last}`;
}

const SOURCES = ['moderation', 'rule', 'fraud', 'metering', 'ledger', 'report', 'upstream', 'staff'] as const;
