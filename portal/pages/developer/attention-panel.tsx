import { Link } from '@tanstack/react-router';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusIcon, StatusText } from '../../../console/ui/status.tsx';
import { type Attention, attentionView } from '../../../src/portal/standing/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { useStopWords } from '../../components/developer/stop-words.ts';
import { overviewTexts } from './overview-texts.ts';

/** What somebody should know of, the gravest first, each with the way to where something can be done about it. */
export function AttentionPanel() {
  const t = useTexts(overviewTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/attention`, answer: attentionView });
  return (
    <ApiPart state={state} waiting={null}>
      {({ data }) => (
        <Panel title={t('attention')} padded={false}>
          {data.length === 0 ? (
            <div className="panel-padded">
              <StatusText status="good">{t('all_well')}</StatusText>
            </div>
          ) : (
            <ul className="listing">
              {data.map((one) => (
                <li key={JSON.stringify(one)}>
                  <OneMatter matter={one} />
                </li>
              ))}
            </ul>
          )}
        </Panel>
      )}
    </ApiPart>
  );
}

const LOOK: Readonly<
  Record<Attention['kind'], readonly [status: Status, to: string, link: keyof (typeof overviewTexts)['en']]>
> = {
  stopped: ['bad', '/standing', 'to_standing'],
  no_credit: ['bad', '/credit', 'to_credit'],
  low_credit: ['warn', '/credit', 'to_credit'],
  credit_ends: ['none', '/credit', 'to_credit'],
  budget: ['warn', '/limits', 'to_limits'],
  key_ends: ['warn', '/keys', 'to_keys'],
  plan_past_due: ['bad', '/plan', 'to_plan'],
  plan_ends: ['none', '/plan', 'to_plan'],
  auto_topup_disabled: ['bad', '/credit', 'to_credit'],
  no_keys: ['none', '/quick-start', 'quick_start'],
};

function OneMatter({ matter }: { readonly matter: Attention }) {
  const t = useTexts(overviewTexts);
  const words = useMatterWords();
  const [usual, to, link] = LOOK[matter.kind];
  const status = matter.kind === 'budget' && matter.stops ? 'bad' : usual;
  return (
    <>
      <StatusIcon status={status} size={18} />
      <span className="listing-words">{words(matter)}</span>
      <Link to={to} className="link">
        {t(link)}
      </Link>
    </>
  );
}

function useMatterWords(): (matter: Attention) => string {
  const t = useTexts(overviewTexts);
  const formats = useFormats();
  const stopWords = useStopWords();
  return (matter) => {
    switch (matter.kind) {
      case 'stopped':
        return t('a_stopped', { subject: stopWords(matter.stop).subject, reason: matter.stop.reason });
      case 'low_credit':
        return t('a_low_credit', {
          amount: formats.money(matter.available_nano),
          threshold: formats.money(matter.threshold_nano),
        });
      case 'credit_ends':
        return t('a_credit_ends', { amount: formats.money(matter.amount_nano), date: formats.date(matter.at) });
      case 'budget': {
        const name = matter.subject === 'account' ? t('budget_account') : matter.name;
        return matter.stops
          ? t('a_budget_stops', { name })
          : t('a_budget', { name, share: formats.share(matter.percent / 100) });
      }
      case 'key_ends':
        return t('a_key_ends', { name: matter.name ?? matter.key_id, date: formats.date(matter.at) });
      case 'plan_past_due':
        return t('a_plan_past_due', { plan: matter.plan, date: formats.date(matter.since) });
      case 'plan_ends':
        return t('a_plan_ends', { plan: matter.plan, date: formats.date(matter.at) });
      default:
        return t(`a_${matter.kind}`);
    }
  };
}
