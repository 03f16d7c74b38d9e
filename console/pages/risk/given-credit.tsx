import { vestingLedgerView } from '../../../src/fraud/vesting/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { NOTHING } from '../../locales/formats.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { fraudTexts } from './fraud-texts.ts';

interface GivenCreditProps {
  readonly operatorId: string;
  /** With its ceiling, in a sentence. */
  readonly whole?: boolean;
}

/** Free credit all accounts of an operator were given together. */
export function GivenCredit({ operatorId, whole = false }: GivenCreditProps) {
  const t = useTexts(fraudTexts);
  const formats = useFormats();
  const path = apiPath`/control/v1/accounts/${operatorId}/vesting`;
  const { data, error } = useApi({ path, answer: vestingLedgerView });
  if (error?.status === 404) return whole ? t('no_credit') : NOTHING;
  if (data === undefined) return NOTHING;
  const given = formats.money(data.given_nano);
  return whole ? t('given_of', { given, ceiling: formats.money(data.ceiling_nano) }) : given;
}
