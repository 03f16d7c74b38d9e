import { Link } from '@tanstack/react-router';
import { type CaseView, caseView } from '../../../src/enforcement/cases/contract.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { moderationTexts } from '../../components/moderation-texts.ts';
import { moderationWord } from '../../components/moderation-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { casePageTexts } from './case-page-texts.ts';
import { DueText, useCaseWords, usePriorityWords, useUnitWords } from './case-words.tsx';

/** Of the ladder, the mildest first. */
const STEPS = caseView.shape.ladder.shape.offered.element.options;

/** What is known, as codes and counts. */
export function CaseFactsPanel({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const caseWords = useCaseWords();
  const unitWords = useUnitWords();
  const priorityWords = usePriorityWords();
  const { facts } = one;
  return (
    <Panel
      title={t('facts')}
      actions={
        <Link to="/enforcement/accounts/$id" params={{ id: one.account_id }} className="link">
          {t('everything')}
        </Link>
      }
    >
      <KeyValues
        items={[
          [t('account'), <AccountLink key="account" id={one.account_id} />],
          [t('unit'), unitWords(one.unit)],
          [t('found'), <Categories key="found" one={one} />],
          [t('sources'), facts.sources.map((source) => enforcementWord(words, 'source', source)).join(', ') || '–'],
          [t('requests'), formats.number(facts.requests)],
          [t('signals'), formats.number(facts.signals)],
          [t('seen'), t('span', { first: formats.shortTime(facts.first_at), last: formats.shortTime(facts.last_at) })],
          [t('language'), one.language === null ? '–' : caseWords('language', one.language)],
          ...(one.rule === null
            ? []
            : [
                [
                  t('rule'),
                  <span key="rule" className="mono">
                    {one.rule}
                  </span>,
                ] as const,
              ]),
          ...(one.sanction_id === null
            ? []
            : [
                [
                  t('sanction'),
                  <CopyId key="sanction" id={one.sanction_id}>
                    <span className="mono">{one.sanction_id.slice(0, 14)}…</span>
                  </CopyId>,
                ] as const,
              ]),
          [t('due'), <DueText key="due" row={one} />],
          [
            t('priority'),
            <span key="priority" className="two-lines">
              <span>{formats.number(Math.round(one.priority.value * 10) / 10)}</span>
              <span className="dimmed" style={{ whiteSpace: 'normal' }}>
                {priorityWords(one.priority)}
              </span>
            </span>,
          ],
        ]}
      />
    </Panel>
  );
}

function Categories({ one }: { readonly one: CaseView }) {
  const words = useTexts(moderationTexts);
  const formats = useFormats();
  const { categories } = one.facts;
  if (categories.length === 0) return '–';
  return categories
    .map(({ name, count }) => `${moderationWord(words, 'label', name)} × ${formats.number(count)}`)
    .join(', ');
}

/** How the unit stands in numbers, each with what it means. */
export function FiguresPanel({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  const { score, cusum, alarm_at: alarm, posterior, certificate_bound: bound } = one.facts;
  const two = (value: number) => formats.number(Math.round(value * 100) / 100);
  const items = [
    ...(score === null ? [] : [[t('score'), two(score)] as const]),
    ...(cusum === null || alarm === null
      ? []
      : [[t('cusum'), t('cusum_of', { value: two(cusum), alarm: two(alarm) })] as const]),
    ...(posterior === null ? [] : [[t('posterior'), formats.share(posterior)] as const]),
    ...(bound === null ? [] : [[t('certificate'), bound.toExponential(1)] as const]),
  ];
  return (
    <Panel title={t('figures')}>
      {items.length === 0 ? <span className="dimmed">{t('no_figures')}</span> : <KeyValues items={items} />}
    </Panel>
  );
}

/** The nine steps, with what is in force, what follows by itself and what a person is asked about. */
export function LadderPanel({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const words = useTexts(enforcementTexts);
  const { proposed, wanted, needs_two: needsTwo } = one.ladder;
  const signOf = (step: (typeof STEPS)[number]) =>
    step === wanted ? 'wanted' : step === one.facts.step_now ? 'now' : step === proposed ? 'proposed' : null;
  return (
    <Panel title={t('ladder')}>
      <ol className="ladder">
        {STEPS.map((step) => {
          const sign = signOf(step);
          const said = [
            ...(sign === null ? [] : [t(`ladder_${sign}`)]),
            ...(needsTwo.includes(step) ? [t('two')] : []),
          ];
          return (
            <li key={step} data-sign={sign ?? undefined}>
              <span className={sign === null ? 'dimmed' : undefined}>{enforcementWord(words, 'step', step)}</span>
              <span className="dimmed">{said.join(' · ')}</span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
