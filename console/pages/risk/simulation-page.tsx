import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Report, simulationReportView } from '../../../src/fraud/simulation-report/contract.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { SearchTabs } from '../../components/search-tabs.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatTile } from '../../ui/stat-tile.tsx';
import { EnforcementSimulation } from './enforcement-simulation.tsx';
import { egressFigures } from './simulation-figures.ts';
import { PromiseTable } from './simulation-parts.tsx';
import { CohortTable, LevelTable, WayTable } from './simulation-tables.tsx';
import { simulationTexts } from './simulation-texts.ts';
import { useSimulationWords } from './simulation-words.ts';

const COMMAND = 'npm run simulate -- front-door --seeds 1,2,3,4,5 --write-report';

/** What the last simulation that was written down found, held against what is promised. */
export function SimulationPage() {
  const t = useTexts(simulationTexts);
  const mayEnforcement = useMay()('enforcement.read');
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/risk" className="link">
          {t('back')}
        </Link>
      </PageHeader>
      {mayEnforcement ? (
        <SearchTabs
          label={t('title')}
          tabs={[
            { name: 'front-door', title: t('front_door'), children: <FrontDoor /> },
            { name: 'enforcement', title: t('enforcement'), children: <EnforcementSimulation /> },
          ]}
        />
      ) : (
        <FrontDoor />
      )}
    </div>
  );
}

function FrontDoor() {
  const t = useTexts(simulationTexts);
  const state = useApi({ path: '/control/v1/fraud/simulation', answer: simulationReportView });
  return (
    <ApiPart state={state}>
      {({ report }) =>
        report === null ? (
          <div className="panel">
            <EmptyState title={t('none')} command={COMMAND}>
              {t('none_note')}
            </EmptyState>
          </div>
        ) : (
          <Shown report={report} />
        )
      }
    </ApiPart>
  );
}

function Shown({ report }: { readonly report: Report }) {
  const words = useSimulationWords();
  return (
    <div className="page">
      <RunPanel report={report} />
      <PromiseTable bars={report.bars} words={words} />
      <Egress report={report} />
      <LevelTable report={report} />
      <CohortTable report={report} />
      <WayTable report={report} />
    </div>
  );
}

function RunPanel({ report }: { readonly report: Report }) {
  const t = useTexts(simulationTexts);
  const formats = useFormats();
  const { made_at: madeAt, populations, settings, runs } = report;
  return (
    <Panel title={t('run')}>
      <KeyValues
        items={[
          [t('made'), madeAt === undefined ? t('made_unknown') : formats.time(madeAt)],
          [t('seeds'), runs.map(({ seed }) => seed).join(', ')],
          [t('sign_ups'), formats.number(report.sign_ups)],
          [t('days'), formats.number(populations.days)],
          [
            t('populations'),
            <span key="populations" className="mono">
              {populations.name}
            </span>,
          ],
          [
            t('settings'),
            settings.length === 0 ? (
              t('settings_none')
            ) : (
              <span key="settings" className="mono">
                {settings.join(', ')}
              </span>
            ),
          ],
        ]}
      />
    </Panel>
  );
}

function Egress({ report }: { readonly report: Report }) {
  const t = useTexts(simulationTexts);
  const formats = useFormats();
  const egress = useMemo(() => egressFigures(report), [report]);
  return (
    <Panel title={t('egress')}>
      <div className="page">
        <span className="dimmed">{t('egress_note')}</span>
        <div className="tiles by-four">
          <StatTile label={t('egress_wrong')} value={formats.share(egress.wrong)} />
          <StatTile label={t('egress_missed')} value={formats.share(egress.missed)} />
          <StatTile label={t('egress_networks')} value={formats.compact(egress.networks)} />
          <StatTile label={t('egress_shared')} value={formats.compact(egress.shared)} />
        </div>
      </div>
    </Panel>
  );
}
