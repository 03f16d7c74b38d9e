import { Link } from '@tanstack/react-router';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { vestingView, type VestingView } from '../../../src/portal/billing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { creditTexts } from './credit-texts.ts';

type Vesting = NonNullable<VestingView['vesting']>;
type Tranche = Vesting['tranches'][number];

/** How far the free credit has come, and what is missing for its next part; nothing where none was promised. */
export function VestingPanel() {
  const t = useTexts(creditTexts);
  const { id } = useAccount();
  const vesting =
    useApi({ path: apiPath`/portal/v1/accounts/${id}/vesting`, answer: vestingView }).data?.vesting ?? null;
  if (vesting === null) return null;
  const next = vesting.tranches.find(({ state }) => state === 'waiting');
  return (
    <Panel title={t('vesting')}>
      <div className="page">
        <p className="developer-line dimmed">{t('vesting_note')}</p>
        {vesting.shared_with === 0 ? null : <p className="developer-line">{t('vesting_shared')}</p>}
        <ol className="tranches">
          {vesting.tranches.map((tranche) => (
            <li key={tranche.tranche}>
              <Part tranche={tranche} isNext={tranche === next} />
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

const STATUS_OF = { released: 'good', shared: 'none', waiting: 'none', clawed_back: 'bad' } as const;

function Part({ tranche, isNext }: { readonly tranche: Tranche; readonly isNext: boolean }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const { state } = tranche;
  const word =
    state === 'released' && tranche.released_at !== null
      ? t('vest_released', { date: formats.date(tranche.released_at) })
      : t(state === 'released' ? 'state_active' : `vest_${state}`);
  return (
    <>
      <span className="dimmed">{t('part', { number: formats.number(tranche.tranche) })}</span>
      <strong>{formats.money(tranche.amount_nano)}</strong>
      <StatusText status={STATUS_OF[state]}>{word}</StatusText>
      {isNext && tranche.missing.length > 0 ? <Missing codes={tranche.missing} /> : null}
    </>
  );
}

const RUNGS = ['mail', 'proof_of_work', 'passkey', 'phone', 'card', 'organisation'] as const;
/** What is done on the page of one's own account. */
const ON_SECURITY: ReadonlySet<string> = new Set(['rung:passkey', 'rung:phone', 'rung:mail']);

function Missing({ codes }: { readonly codes: readonly string[] }) {
  const t = useTexts(creditTexts);
  return (
    <div>
      <span>{t('vest_next')}</span>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {codes.map((code) => (
          <li key={code}>
            <MissingWords code={code} />
          </li>
        ))}
      </ul>
      {codes.some((code) => ON_SECURITY.has(code)) ? (
        <Link to="/security" className="link">
          {t('to_security')}
        </Link>
      ) : null}
    </div>
  );
}

function MissingWords({ code }: { readonly code: string }) {
  const t = useTexts(creditTexts);
  const days = /^clean_days:(\d+)$/.exec(code);
  if (days !== null) return t('missing_clean_days', { count: Number(days[1]) });
  const rung = RUNGS.find((one) => code === `rung:${one}`);
  if (rung !== undefined) return t(`missing_${rung}`);
  return code === 'breaker' ? t('missing_breaker') : t('missing_other', { code });
}
