import { Link } from '@tanstack/react-router';
import { type LinkView, type RiskView, riskView } from '../../../src/fraud/linkage/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { AccountPicture } from '../../components/linkage/account-picture.tsx';
import { EvidenceTable } from './evidence-table.tsx';
import { evidenceTexts } from './evidence-texts.ts';
import { ReturnsPanel } from './returns-panel.tsx';
import { LinkList } from './link-list.tsx';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';

/** Who seems to be behind an account: its operator, its links with their reasons, the picture, and the evidence. */
export function LinkagePanels({ accountId }: { readonly accountId: string }) {
  const t = useTexts(evidenceTexts);
  const state = useApi({ path: apiPath`/control/v1/fraud/accounts/${accountId}`, answer: riskView });
  if (state.error?.status === 404) {
    return (
      <Panel title={t('behind')}>
        <EmptyState title={t('unknown')}>{t('unknown_note')}</EmptyState>
      </Panel>
    );
  }
  return (
    <ApiPart state={state} waiting={null}>
      {(risk) => (
        <>
          <OperatorPanel risk={risk} />
          {risk.evasion.length === 0 ? null : <ReturnsPanel risk={risk} />}
          {risk.links.some(({ fell }) => fell === null) ? <AccountPicture risk={risk} /> : null}
          <Panel title={t('evidence')} padded={false}>
            <EvidenceTable risk={risk} />
          </Panel>
        </>
      )}
    </ApiPart>
  );
}

function OperatorPanel({ risk }: { readonly risk: RiskView }) {
  const t = useTexts(evidenceTexts);
  const words = useTexts(linkageTexts);
  const formats = useFormats();
  const holding = risk.links.filter(({ fell }) => fell === null);
  const fallen = risk.links.filter(({ fell }) => fell !== null);
  const count = (strength: LinkView['strength']) => holding.filter((link) => link.strength === strength).length;
  const other = ({ accounts: [one, two] }: LinkView) => <AccountLink id={one === risk.account_id ? two : one} />;
  return (
    <Panel title={t('behind')} padded={false}>
      <div className="panel-padded">
        <KeyValues
          items={[
            [t('operator'), <OperatorLine key="operator" operator={risk.operator} />],
            [t('hard_links'), formats.number(count('hard'))],
            [t('soft_links'), t('soft_value', { count: count('soft') })],
          ]}
        />
      </div>
      {holding.length === 0 ? (
        <EmptyState title={words('no_links')}>{words('no_links_note')}</EmptyState>
      ) : (
        <LinkList links={holding} ends={other} />
      )}
      {fallen.length === 0 ? null : (
        <details className="link-fallen">
          <summary>{words('fallen', { count: fallen.length })}</summary>
          <LinkList links={fallen} ends={other} />
        </details>
      )}
    </Panel>
  );
}

function OperatorLine({ operator }: { readonly operator: RiskView['operator'] }) {
  const t = useTexts(evidenceTexts);
  if (operator.accounts === 1) return t('alone');
  return (
    <span className="row" style={{ gap: 6 }}>
      {t('together', { count: operator.accounts })}
      <AccountLink id={operator.id} />
      <Link to="/risk/clusters/$id" params={{ id: operator.id }} className="link">
        {t('open_cluster')}
      </Link>
    </span>
  );
}
