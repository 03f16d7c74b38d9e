import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import { z } from 'zod';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { statusColumn } from '../../../console/ui/usual-columns.tsx';
import { type CreatedPortalKeyView, portalKeyListView, type PortalKeyView } from '../../../src/portal/keys/contract.ts';
import { portalModelsView } from '../../../src/portal/models/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { KeyShown } from '../../components/developer/key-shown.tsx';
import { KeyDialog } from './key-dialog.tsx';
import { KeyDrawer } from './key-drawer.tsx';
import { keysTexts } from './keys-texts.ts';

const STATES = ['active', 'expired', 'revoked'] as const;
const keysSearch = z.object({
  state: z.enum(STATES).optional().catch(undefined),
  q: z.string().max(128).optional().catch(undefined),
  app: z.string().max(128).optional().catch(undefined),
  member: z.string().max(128).optional().catch(undefined),
  key: z.string().max(32).optional().catch(undefined),
});
const PAGE_ROWS = '200';
const SEARCH_WAIT_MS = 250;

/** Keys of the account: made, looked at, rotated and revoked here. */
export function KeysPage() {
  const t = useTexts(keysTexts);
  const { id } = useAccount();
  const mayWrite = useMay()('own.keys.write');
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedPortalKeyView | null>(null);
  const [search, change] = useSearchState(keysSearch);
  const models = useApi({ path: apiPath`/portal/v1/accounts/${id}/models`, answer: portalModelsView });
  const create = mayWrite ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t('create')}
    </Button>
  ) : null;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {create}
      </PageHeader>
      <KeysTable create={create} onOpen={(key) => change({ key: key.id })} />
      <KeyDialog
        opened={making}
        onClose={() => setMaking(false)}
        onMade={(created) => {
          setMaking(false);
          setMade(created);
        }}
      />
      <KeyDrawer keyId={search.key ?? null} onClose={() => change({ key: undefined })} onMade={setMade} />
      <KeyShown made={made} model={models.data?.first_model ?? null} onClose={() => setMade(null)} />
    </div>
  );
}

interface KeysTableProps {
  readonly create: ReactNode;
  readonly onOpen: (key: PortalKeyView) => void;
}

function KeysTable({ create, onOpen }: KeysTableProps) {
  const t = useTexts(keysTexts);
  const account = useAccount();
  const [{ state: wanted, q, app, member }, change] = useSearchState(keysSearch);
  const [query] = useDebouncedValue(q, SEARCH_WAIT_MS);
  const filtered = [wanted, query, app, member].some((one) => one !== undefined && one !== '');
  const state = useApiPages({
    path: apiPath`/portal/v1/accounts/${account.id}/keys`,
    query: { state: wanted, q: query === '' ? undefined : query, app, member, limit: PAGE_ROWS },
    answer: portalKeyListView,
  });
  const columns = useColumns(account.kind === 'workspace');
  const states = [
    { value: '', label: t('state_all') },
    ...STATES.map((one) => ({ value: one, label: t(`state_${one}`) })),
  ];
  return (
    <Panel padded={false}>
      <div className="row panel-padded">
        <TextInput
          aria-label={t('search')}
          placeholder={t('search')}
          leftSection={<IconSearch size={15} />}
          value={q ?? ''}
          onChange={(event) => change({ q: event.currentTarget.value }, { replace: true })}
          style={{ flex: '1 1 240px' }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t('state_filter')}
          value={wanted ?? ''}
          data={states}
          onChange={(next) => change({ state: next === '' ? undefined : next })}
        />
      </div>
      <ApiTable
        label={t('title')}
        state={state}
        columns={columns}
        rowId={(key) => key.id}
        onOpen={onOpen}
        empty={filtered ? <NoneFound /> : <NoKeys create={create} />}
      />
    </Panel>
  );
}

function NoneFound() {
  const t = useTexts(keysTexts);
  return <EmptyState title={t('none_found')}>{t('none_found_note')}</EmptyState>;
}

function NoKeys({ create }: { readonly create: ReactNode }) {
  const t = useTexts(keysTexts);
  return (
    <EmptyState title={t('empty')} action={create}>
      {t(create === null ? 'empty_viewer' : 'empty_note')}
    </EmptyState>
  );
}

const STATUS_OF = { active: 'good', revoked: 'bad', expired: 'none', stopped: 'bad' } as const satisfies Record<
  string,
  Status
>;

function useColumns(withMember: boolean): readonly Column<PortalKeyView>[] {
  const t = useTexts(keysTexts);
  const formats = useFormats();
  return useMemo(() => {
    const stateOf = (key: PortalKeyView) => (key.stop === null ? key.state : 'stopped');
    const time = (name: 'created' | 'last_used' | 'expires', at: (key: PortalKeyView) => string | null) => ({
      key: name,
      header: t(`col_${name}`),
      value: at,
      cell: (key: PortalKeyView) =>
        at(key) === null ? <span className="dimmed">{t('never')}</span> : formats.time(at(key)),
      width: 180,
    });
    const member: Column<PortalKeyView> = {
      key: 'member',
      header: t('col_member'),
      value: (key) => key.member_name ?? key.member,
      width: 150,
    };
    return [
      {
        key: 'name',
        header: t('col_name'),
        value: (key) => key.name,
        cell: (key) => key.name ?? <span className="dimmed">{t('unnamed')}</span>,
        width: 170,
      },
      {
        key: 'id',
        header: t('col_key'),
        value: (key) => key.id,
        cell: (key) => <span className="mono">{key.id}</span>,
        width: 110,
      },
      statusColumn<PortalKeyView>({
        key: 'state',
        header: t('col_state'),
        status: (key) => STATUS_OF[stateOf(key)],
        word: (key) => t(`state_${stateOf(key)}`),
        width: 120,
      }),
      { key: 'app', header: t('col_app'), value: (key) => key.app, width: 140 },
      ...(withMember ? [member] : []),
      time('last_used', (key) => key.last_used_at),
      time('created', (key) => key.created_at),
      { ...time('expires', (key) => key.expires_at), hidden: true },
      {
        key: 'models',
        header: t('col_models'),
        value: (key) => key.models?.join(', ') ?? t('every_model'),
        hidden: true,
      },
    ];
  }, [t, formats, withMember]);
}
