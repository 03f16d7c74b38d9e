import type { RiskView } from '../../../src/fraud/linkage/contract.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';
import { useLinkageWords } from '../../components/linkage/linkage-words.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { evidenceTexts } from './evidence-texts.ts';

/** Sanctioned accounts this one may be the return of, with what they have in common. */
export function ReturnsPanel({ risk }: { readonly risk: RiskView }) {
  const t = useTexts(evidenceTexts);
  return (
    <Panel title={t('returns')} padded={false}>
      <p className="panel-padded dimmed" style={{ margin: 0 }}>
        {t('returns_note')}
      </p>
      <ul className="link-list">
        {risk.evasion.map((match) => (
          <OneMatch key={match.sanctioned_account_id} match={match} />
        ))}
      </ul>
    </Panel>
  );
}

function OneMatch({ match }: { readonly match: RiskView['evasion'][number] }) {
  const t = useTexts(evidenceTexts);
  const linkage = useTexts(linkageTexts);
  const words = useLinkageWords();
  const formats = useFormats();
  const bits = (value: number) => linkage('bits', { bits: formats.number(value) });
  return (
    <li className="link-item">
      <div className="link-head">
        <div className="row" style={{ gap: 14 }}>
          <strong>
            <AccountLink id={match.sanctioned_account_id} />
          </strong>
          <StatusText status={match.tier === 'likely' ? 'warn' : 'none'}>{t(`return_${match.tier}`)}</StatusText>
          <span className="dimmed nowrap">{bits(match.bits)}</span>
        </div>
      </div>
      <ul className="link-reasons">
        {match.agreements.map((agreement) => (
          <li key={agreement.field}>
            <span>
              {words.agrees(agreement)}
              <span className="dimmed"> · {words.rarity(agreement.operators)}</span>
            </span>
            <span className="dimmed nowrap">{bits(agreement.bits)}</span>
          </li>
        ))}
      </ul>
    </li>
  );
}
