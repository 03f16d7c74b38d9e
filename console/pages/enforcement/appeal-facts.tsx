import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { AppealDetailView } from '../../../src/enforcement/appeals/contract.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import { CopyId, shortId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { longTextColumn, timeColumn } from '../../ui/usual-columns.tsx';
import { appealsTexts } from './appeals-texts.ts';
import { incidentsTexts } from './incidents-texts.ts';
import { readerWord } from './reader-word.ts';

/** The decision that is contested: facts, figures, and the notice. */
export function AppealRested({ appeal: { decision, conduct } }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const { language } = useLanguage();
  const { author, certificate, score, categories } = decision;
  const holds =
    decision.until === null
      ? formats.time(decision.starts_at)
      : `${formats.time(decision.starts_at)} – ${formats.time(decision.until)}`;
  return (
    <Panel title={t('rested')}>
      <div className="page" style={{ gap: 14 }}>
        <KeyValues
          items={[
            [t('f_conduct'), conduct === null ? '–' : enforcementWord(words, 'conduct', conduct)],
            [t('f_decided'), formats.time(decision.at)],
            [
              t('f_by'),
              author.kind === 'automatic'
                ? t('f_automatic', { version: author.version ?? '' })
                : author.names.join(', '),
            ],
            [t('f_holds'), holds],
            [t('f_requests'), formats.number(decision.requests)],
            [
              t('f_sources'),
              decision.sources.map((source) => enforcementWord(words, 'source', source)).join(' · ') || '–',
            ],
            ...(categories.length === 0 ? [] : [[t('f_categories'), mono(categories.join(', '))] as const]),
            ...(score === null ? [] : [[t('f_score'), formats.number(score)] as const]),
            ...(certificate === null
              ? []
              : [
                  [
                    t('f_certificate'),
                    t('f_certificate_value', {
                      bound: certificate.bound.toPrecision(2),
                      method: certificate.method,
                      incidents: formats.number(certificate.incidents),
                      requests: formats.number(certificate.requests),
                    }),
                  ] as const,
                ]),
            [
              t('f_alternatives'),
              <span key="alternatives" translate="no">
                {decision.alternatives || '–'}
              </span>,
            ],
            [t('f_policy'), mono(decision.policy)],
            [
              t('f_decision'),
              <Link key="decision" to="/enforcement/decisions/$id" params={{ id: decision.id }} className="link mono">
                {shortId(decision.id)}
              </Link>,
            ],
          ]}
        />
        <div>
          <h3 className="section-title">{t('told')}</h3>
          <p className="appeal-said">{decision.notice[language]}</p>
        </div>
      </div>
    </Panel>
  );
}

function mono(text: string) {
  return <span className="mono">{text}</span>;
}

type RestedOn = AppealDetailView['incidents'][number];

/** What was held to have happened, without what anybody wrote. */
export function AppealIncidents({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const columns = useIncidentColumns();
  return (
    <Panel title={t('incidents')} padded={false}>
      <DataTable
        label={t('incidents')}
        columns={columns}
        rows={appeal.incidents}
        rowId={(row) => row.id}
        empty={<p className="panel-padded dimmed">{t('no_incidents')}</p>}
      />
    </Panel>
  );
}

function useIncidentColumns(): readonly Column<RestedOn>[] {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const readers = useTexts(incidentsTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'id',
        header: 'ID',
        value: (row) => row.id,
        cell: (row) => <CopyId id={row.id} />,
        buttons: true,
        width: 150,
      },
      longTextColumn<RestedOn>({
        key: 'conduct',
        header: t('i_conduct'),
        text: (row) => enforcementWord(words, 'conduct', row.conduct),
        width: 190,
      }),
      longTextColumn<RestedOn>({
        key: 'state',
        header: t('i_state'),
        text: (row) => enforcementWord(words, 'incident', row.state),
        width: 120,
      }),
      {
        key: 'sure',
        header: t('i_sure'),
        value: (row) => row.confidence,
        cell: (row) => formats.share(row.confidence),
        align: 'end',
        width: 90,
      },
      timeColumn<RestedOn>(formats, { key: 'when', header: t('i_when'), at: (row) => row.last_at }),
      { key: 'signals', header: t('i_signals'), value: (row) => row.signals, align: 'end', width: 90 },
      {
        key: 'requests',
        header: t('i_requests'),
        value: (row) => row.request_ids.length,
        align: 'end',
        width: 90,
      },
      { key: 'read', header: t('i_read'), value: (row) => readerWord(readers, row.read_by), width: 160 },
    ],
    [t, words, readers, formats],
  );
}
