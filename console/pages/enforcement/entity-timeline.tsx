import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { z } from 'zod';
import { appealListView } from '../../../src/enforcement/appeals/contract.ts';
import { type CaseRowView, caseListView } from '../../../src/enforcement/cases/contract.ts';
import { sanctionListView, type sanctionView } from '../../../src/enforcement/sanctions/contract.ts';
import { incidentListView } from '../../../src/enforcement/signals/contract.ts';
import { useApi } from '../../api/queries.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import type { Status } from '../../ui/palette.ts';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { useCaseWords } from './case-words.tsx';
import { entityTexts } from './entity-texts.ts';

type Incident = z.infer<typeof incidentListView>['data'][number];
type Sanction = z.infer<typeof sanctionView>;
type Appeal = z.infer<typeof appealListView>['data'][number];

const SHOWN = 100;

interface Happening {
  readonly key: string;
  readonly at: string;
  readonly status: Status;
  readonly title: string;
  readonly note: ReactNode;
}

/** What happened with an account, the newest first: incidents, steps, cases and appeals. */
export function EntityTimeline({ accountId }: { readonly accountId: string }) {
  const t = useTexts(entityTexts);
  const formats = useFormats();
  const query = { account: accountId, limit: SHOWN };
  const path = '/control/v1/enforcement';
  const incidents = useApi({ path: `${path}/incidents`, query, answer: incidentListView }).data;
  const sanctions = useApi({ path: `${path}/sanctions`, query, answer: sanctionListView }).data;
  const appeals = useApi({ path: `${path}/appeals`, query, answer: appealListView }).data;
  const cases = useApi({ path: `${path}/cases`, query: { ...query, state: 'all' }, answer: caseListView }).data;
  const write = useWriters();
  const happenings = useMemo(
    () =>
      [
        ...(incidents?.data ?? []).map(write.incident),
        ...(sanctions?.data ?? []).flatMap(write.sanction),
        ...(appeals?.data ?? []).map(write.appeal),
        ...(cases?.data ?? []).map(write.case),
      ].sort((one, other) => (one.at < other.at ? 1 : -1)),
    [incidents, sanctions, appeals, cases, write],
  );
  const isMore = [incidents, sanctions, appeals, cases].some((list) => (list?.next ?? null) !== null);
  if (incidents !== undefined && sanctions !== undefined && happenings.length === 0) {
    return (
      <Panel title={t('timeline')}>
        <EmptyState title={t('nothing')}>{t('nothing_note')}</EmptyState>
      </Panel>
    );
  }
  return (
    <Panel title={t('timeline')}>
      <ol className="timeline wraps">
        {happenings.map(({ key, at, status, title, note }) => (
          <li key={key}>
            <span className="dimmed">{formats.shortTime(at)}</span>
            <span>
              <StatusText status={status}>{title}</StatusText>
              {note === null ? null : <p className="dimmed">{note}</p>}
            </span>
          </li>
        ))}
      </ol>
      {isMore ? <p className="dimmed">{t('more')}</p> : null}
    </Panel>
  );
}

const INCIDENT_STATUS: Readonly<Record<string, Status>> = { doubtful: 'warn', confirmed: 'bad' };

function useWriters() {
  const t = useTexts(entityTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const caseWords = useCaseWords();
  return useMemo(() => {
    const conductOf = (conduct: string) => enforcementWord(words, 'conduct', conduct);
    const stepOf = (step: string | null) => (step === null ? '–' : enforcementWord(words, 'step', step));
    const incident = (one: Incident): Happening => ({
      key: one.id,
      at: one.opened_at,
      status: INCIDENT_STATUS[one.state] ?? 'none',
      title: t('at_incident', {
        conduct: conductOf(one.conduct),
        state: enforcementWord(words, 'incident', one.state),
      }),
      note: t('at_incident_note', {
        signals: one.signals,
        requests: one.requests.length,
        confidence: formats.share(one.confidence),
      }),
    });
    const sanction = (one: Sanction): Happening[] => [
      {
        key: one.id,
        at: one.decided_at,
        status: 'bad',
        title: t('at_sanction', { step: stepOf(one.step), conduct: conductOf(one.conduct) }),
        note: one.until === null ? t('at_sanction_good') : t('at_sanction_until', { time: formats.time(one.until) }),
      },
      ...(one.ended_at === null || (one.state !== 'lifted' && one.state !== 'reversed' && one.state !== 'replaced')
        ? []
        : [
            {
              key: `${one.id} ended`,
              at: one.ended_at,
              status: one.state === 'replaced' ? ('none' as const) : ('good' as const),
              title: t('at_ended', { step: stepOf(one.step), how: t(`how_${one.state}`) }),
              note: null,
            },
          ]),
    ];
    const appeal = (one: Appeal): Happening => ({
      key: one.id,
      at: one.filed_at,
      status: 'none',
      title: t('at_appeal', { step: stepOf(one.step) }),
      note: t(`appeal_${one.state}`),
    });
    const shownCase = (one: CaseRowView): Happening => ({
      key: one.id,
      at: one.opened_at,
      status: 'none',
      title: t('at_case', { kind: caseWords('kind', one.kind), state: caseWords('state', one.state) }),
      note: (
        <Link to="/enforcement/cases/$id" params={{ id: one.id }} className="link">
          {conductOf(one.conduct)}
        </Link>
      ),
    });
    return { incident, sanction, appeal, case: shownCase };
  }, [t, words, formats, caseWords]);
}
