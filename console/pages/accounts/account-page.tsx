import { Button } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { accountDetailView } from '../../../src/accounts/contract.ts';
import type { Condition } from '../../../src/metering/explore/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { KeysTable } from '../../components/keys-table.tsx';
import { UsageLinks } from '../../components/thing-link.tsx';
import { TimeRange, useTimeSpan } from '../../components/time-range.tsx';
import { UsageHistory } from '../../components/usage-history.tsx';
import { SplitGrid, UsageSplit } from '../../components/usage-split.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { accountTexts } from './account-texts.ts';
import { AccountBudgets } from './account-budgets.tsx';
import { AccountCredit } from './account-credit.tsx';
import { AccountPlan } from './account-plan.tsx';
import { AccountUses } from './account-uses.tsx';

type Account = z.infer<typeof accountDetailView>;

const KEYS_HEIGHT_PX = 330;

/** One account: what it has, what it used, and what may be done with it. */
export function AccountPage() {
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/control/v1/accounts/${id}`, answer: accountDetailView });
  return <ApiPart state={state}>{(account) => <Shown key={account.id} account={account} />}</ApiPart>;
}

function Shown({ account }: { readonly account: Account }) {
  const span = useTimeSpan('30d');
  const may = useMay();
  const where = useMemo<Condition>(() => ({ dimension: 'account', op: 'in', values: [account.id] }), [account.id]);
  const all = useMemo(() => [where], [where]);
  return (
    <div className="page">
      <PageHeader title={account.name} note={<UsageLinksLine where={where} account={account} />}>
        <TimeRange byDefault="30d" />
      </PageHeader>
      <div className="columns">
        <Facts account={account} />
        {may('ledger.read') ? <AccountPlan accountId={account.id} /> : null}
        {may('moderation.read') ? <AccountUses accountId={account.id} /> : null}
      </div>
      {may('usage.read') ? (
        <>
          <UsageHistory where={all} span={span} />
          <SplitGrid>
            <UsageSplit dimension="app" where={all} span={span} />
            <UsageSplit dimension="model" where={all} span={span} />
          </SplitGrid>
        </>
      ) : null}
      {may('ledger.read') ? <AccountCredit accountId={account.id} /> : null}
      {may('keys.read') ? <Keys account={account} /> : null}
      {may('ledger.read') ? <AccountBudgets accountId={account.id} /> : null}
      {may('accounts.write') ? <Content account={account} /> : null}
    </div>
  );
}

function UsageLinksLine({ where, account }: { readonly where: Condition; readonly account: Account }) {
  const t = useTexts(accountTexts);
  const span = useTimeSpan('30d');
  const may = useMay();
  return (
    <span className="row" style={{ gap: 14 }}>
      {may('usage.read') ? <UsageLinks where={where} span={span} /> : null}
      {may('ledger.read') ? (
        <Link to="/ledger" search={{ account: account.id }} className="link">
          {t('transfers')}
        </Link>
      ) : null}
      <Link to="/accounts/$id/risk" params={{ id: account.id }} className="link">
        {t('risk')}
      </Link>
      {may('enforcement.read') ? (
        <Link to="/enforcement/accounts/$id" params={{ id: account.id }} className="link">
          {t('enforcement')}
        </Link>
      ) : null}
    </span>
  );
}

function Facts({ account }: { readonly account: Account }) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  return (
    <Panel title={t('facts')}>
      <KeyValues
        items={[
          [t('id'), <CopyId key="id" id={account.id} />],
          [t('kind'), t(`kind_${account.kind}`)],
          [t('since'), formats.time(account.created_at)],
          [
            t('keys'),
            t('keys_count', { active: formats.number(account.keys.active), total: formats.number(account.keys.total) }),
          ],
        ]}
      />
    </Panel>
  );
}

function Keys({ account }: { readonly account: Account }) {
  const t = useTexts(accountTexts);
  const mayWrite = useMay()('keys.write');
  const query = useMemo(() => ({ account: account.id }), [account.id]);
  const make = mayWrite ? (
    <Link to="/keys" search={{ account: account.id, make: 'yes' }} className="link">
      {t('make_key')}
    </Link>
  ) : null;
  return (
    <Panel title={t('keys')} actions={make} padded={false}>
      <KeysTable
        label={t('keys')}
        query={query}
        heightMax={KEYS_HEIGHT_PX}
        empty={<EmptyState title={t('no_keys')}>{t('no_keys_note')}</EmptyState>}
      />
    </Panel>
  );
}

const erasedView = z.object({ erased: z.literal(true) });

function Content({ account }: { readonly account: Account }) {
  const t = useTexts(accountTexts);
  const onError = useErrorToast();
  const { name } = account;
  const erase = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/control/v1/accounts/${account.id}/content/erase`,
      answer: erasedView,
    }),
    { refresh: ['/control/v1/usage/events'], onDone: () => toast('good', t('erased', { name })), onError },
  );
  const ask = async () => {
    const question = { title: t('erase_question', { name }), message: t('erase_note') };
    const sure = await confirm({ ...question, confirm: t('erase'), cancel: t('cancel'), grave: true });
    if (sure) await erase.run(undefined);
  };
  return (
    <Panel title={t('content')}>
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <span className="dimmed">{t('content_note')}</span>
        <Button variant="outline" color="danger" loading={erase.running} onClick={() => void ask()}>
          {t('erase')}
        </Button>
      </div>
    </Panel>
  );
}
