import { Link } from '@tanstack/react-router';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { readAmount } from '../../../console/components/amount-field.tsx';
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
              <Part tranche={tranche} />
            </li>
          ))}
        </ol>
        {next === undefined || next.missing.length === 0 ? null : <NextPart tranche={next} />}
      </div>
    </Panel>
  );
}

const STATUS_OF = { released: 'good', shared: 'none', waiting: 'none', clawed_back: 'bad' } as const;

function Part({ tranche }: { readonly tranche: Tranche }) {
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
    </>
  );
}

/** What is missing for the next part: all of these things, and of the ways to be surer of somebody any one. */
function NextPart({ tranche }: { readonly tranche: Tranche }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const ways = tranche.missing.filter((code) => WAY.test(code));
  const others = tranche.missing.filter((code) => !WAY.test(code));
  return (
    <div>
      {t('vest_next', { number: formats.number(tranche.tranche) })}
      <ul className="vesting-missing">
        {others.map((code) => (
          <li key={code}>
            <MissingWords code={code} />
          </li>
        ))}
        {ways.length === 0 ? null : (
          <li>
            {t('missing_one_of')}
            <ul className="vesting-missing">
              {ways.map((code) => (
                <li key={code}>
                  <MissingWords code={code} />
                </li>
              ))}
            </ul>
          </li>
        )}
      </ul>
      {ways.some((code) => ON_SECURITY.has(code)) ? (
        <Link to="/security" className="link">
          {t('to_security')}
        </Link>
      ) : null}
    </div>
  );
}

const RUNGS = ['mail', 'proof_of_work', 'passkey', 'phone', 'card', 'organisation'] as const;
const WAY = /^(?:rung|paid):/;
/** What is done on the page of one's own account. */
const ON_SECURITY: ReadonlySet<string> = new Set(['rung:passkey', 'rung:phone', 'rung:mail']);

function MissingWords({ code }: { readonly code: string }) {
  const t = useTexts(creditTexts);
  const formats = useFormats();
  const days = /^clean_days:(\d+)$/.exec(code);
  if (days !== null) return t('missing_clean_days', { count: Number(days[1]) });
  const paid = /^paid:([\d.]+)$/.exec(code);
  if (paid !== null) return t('missing_paid', { amount: formats.money(readAmount(paid[1] ?? '')) });
  const rung = RUNGS.find((one) => code === `rung:${one}`);
  if (rung !== undefined) return t(`missing_${rung}`);
  return code === 'breaker' || code === 'sanction' ? t(`missing_${code}`) : t('missing_other', { code });
}
