import { useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import type { StandingView } from '../../../src/portal/redress/contract.ts';
import { decisionTexts } from './decision-texts.ts';
import './standing.css';
import { standingTexts } from './standing-texts.ts';

/** The steps there are, the mildest first, with those that hold now marked. */
export function LadderPanel({ standing: { ladder, holds } }: { readonly standing: StandingView }) {
  const t = useTexts(standingTexts);
  const words = useTexts(decisionTexts);
  const held = new Set(holds.map(({ step }) => step));
  return (
    <Panel title={t('ladder')}>
      <p className="developer-line dimmed">{t('ladder_note')}</p>
      <ol className="ladder">
        {ladder.map((step) => (
          <li key={step} data-held={held.has(step)}>
            <strong>
              {words(`step_${step}`)}
              {held.has(step) ? <span className="ladder-now">{t('ladder_now')}</span> : null}
            </strong>
            <span>{words(`does_${step}`)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
