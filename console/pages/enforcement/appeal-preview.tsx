import {
  type AppealOutcome,
  type AppealPreviewView,
  appealPreviewView,
} from '../../../src/enforcement/appeals/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { StatusIcon } from '../../ui/status.tsx';
import { appealsTexts } from './appeals-texts.ts';

interface AppealPreviewProps {
  readonly id: string;
  readonly outcome: AppealOutcome;
  readonly harmless: readonly string[];
}

/** What an answer sets going, before it is sent. */
export function AppealPreview({ id, outcome, harmless }: AppealPreviewProps) {
  const t = useTexts(appealsTexts);
  const state = useApi({
    method: 'POST',
    path: apiPath`/control/v1/enforcement/appeals/${id}/preview`,
    body: { outcome, harmless },
    answer: appealPreviewView,
  });
  return (
    <section aria-label={t('preview')} className="appeal-preview" aria-live="polite">
      <h3 className="section-title">{t('preview')}</h3>
      {outcome === 'upheld' ? (
        <p className="dimmed">{t('preview_none')}</p>
      ) : (
        <ApiPart state={state}>{(preview) => <Lines preview={preview} />}</ApiPart>
      )}
    </section>
  );
}

function Lines({ preview }: { readonly preview: AppealPreviewView }) {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const { sanctions, stops, incidents, vesting, grants, requests } = preview;
  const credit = grants.reduce((sum, { amount_nano: amount }) => sum + BigInt(amount), 0n);
  const steps = [...new Set(sanctions.map(({ step }) => enforcementWord(words, 'step', step)))].join(', ');
  const lines = [
    sanctions.length > 0 && t('p_sanctions', { count: sanctions.length, steps }),
    stops > 0 && t('p_stops', { count: stops }),
    incidents.length > 0 && t('p_incidents', { count: incidents.length }),
    vesting && t('p_vesting'),
    credit > 0n && t('p_grants', { amount: formats.money(String(credit)) }),
    requests > 0 && t('p_requests', { count: requests }),
    t('p_notice'),
  ].filter((line) => line !== false);
  return (
    <ul className="appeal-lines">
      {lines.map((line) => (
        <li key={line}>
          <StatusIcon status="good" size={15} />
          <span>{line}</span>
        </li>
      ))}
    </ul>
  );
}
