import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArchive, IconArchiveOff, IconCpu, IconDots, IconPencil, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { statusColumn, verbColumn } from '../../../console/ui/usual-columns.tsx';
import { allowedModelsView, appListView, type AppView, appView } from '../../../src/workspaces/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { AppDialog } from './app-dialog.tsx';
import { appsTexts } from './apps-texts.ts';
import { ModelsDialog } from './models-dialog.tsx';

/** The apps of the account, and the models it and they may use. */
export function AppsPage() {
  const t = useTexts(appsTexts);
  const mayWrite = useMay()('own.keys.write');
  const [named, setNamed] = useState<AppView | 'new' | null>(null);
  const declare = mayWrite ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setNamed('new')}>
      {t('declare')}
    </Button>
  ) : null;
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {declare}
      </PageHeader>
      <AppsTable declare={declare} onRename={setNamed} />
      <AccountModels />
      <AppDialog app={named} onClose={() => setNamed(null)} />
    </div>
  );
}

function AppsTable({ declare, onRename }: { readonly declare: ReactNode; readonly onRename: (app: AppView) => void }) {
  const t = useTexts(appsTexts);
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/apps`, answer: appListView });
  const [narrowed, setNarrowed] = useState<AppView | null>(null);
  const columns = useColumns({ onRename, onModels: setNarrowed });
  return (
    <Panel padded={false}>
      <ApiTable
        label={t('title')}
        state={{ ...state, data: state.data?.data }}
        columns={columns}
        rowId={(app) => app.id}
        empty={
          <EmptyState title={t('empty')} action={declare}>
            {t('empty_note')}
          </EmptyState>
        }
      />
      <ModelsDialog
        asked={
          narrowed && {
            subject: { kind: 'app', id: narrowed.id },
            title: t('models_of', { name: narrowed.name }),
            models: narrowed.models,
          }
        }
        onClose={() => setNarrowed(null)}
      />
    </Panel>
  );
}

function AccountModels() {
  const t = useTexts(appsTexts);
  const { id } = useAccount();
  const mayWrite = useMay()('own.account.write');
  const [opened, setOpened] = useState(false);
  const models = useApi({ path: apiPath`/portal/v1/accounts/${id}/allowed-models`, answer: allowedModelsView }).data;
  if (models === undefined) return null;
  const words = wordsOf(models.account, t('all_models'), t('no_models'));
  const change = mayWrite ? (
    <Button size="xs" variant="default" onClick={() => setOpened(true)}>
      {t('change')}
    </Button>
  ) : null;
  return (
    <Panel title={t('of_account')} actions={change}>
      <p className="form-card-note">
        <strong>{words}</strong>
      </p>
      <p className="dimmed form-card-note">{t(models.account === null ? 'of_account_all' : 'of_account_note')}</p>
      <ModelsDialog
        asked={opened ? { subject: { kind: 'account' }, title: t('of_account'), models: models.account } : null}
        onClose={() => setOpened(false)}
      />
    </Panel>
  );
}

function wordsOf(models: readonly string[] | null, all: string, none: string): string {
  if (models === null) return all;
  return models.length === 0 ? none : models.join(', ');
}

interface AppActions {
  readonly onRename: (app: AppView) => void;
  readonly onModels: (app: AppView) => void;
}

function useColumns({ onRename, onModels }: AppActions): readonly Column<AppView>[] {
  const t = useTexts(appsTexts);
  const formats = useFormats();
  const may = useMay();
  const acts = may('own.keys.write');
  return useMemo(
    () => [
      { key: 'name', header: t('name'), value: (app) => app.name, width: 200 },
      {
        key: 'id',
        header: t('id'),
        value: (app) => app.id,
        cell: (app) => <span className="mono">{app.id}</span>,
        width: 180,
      },
      statusColumn<AppView>({
        key: 'state',
        header: t('state'),
        status: (app) => (app.archived_at === null ? 'good' : 'none'),
        word: (app) => t(app.archived_at === null ? 'state_active' : 'state_archived'),
      }),
      {
        key: 'models',
        header: t('models'),
        value: (app) => wordsOf(app.models, t('all_models'), t('no_models')),
        width: 200,
      },
      {
        key: 'created',
        header: t('created'),
        value: (app) => app.created_at,
        cell: (app) => formats.date(app.created_at),
        width: 120,
      },
      {
        key: 'keys',
        header: t('keys'),
        value: (app) => app.id,
        sortable: false,
        cell: (app) => (
          <Link to="/keys" search={{ app: app.id } as never} className="link">
            {t('keys')}
          </Link>
        ),
        width: 90,
      },
      ...(acts
        ? [
            verbColumn<AppView>(t('actions_head'), 60, (app) => (
              <AppMenu app={app} onRename={onRename} onModels={onModels} />
            )),
          ]
        : []),
    ],
    [t, formats, acts, onRename, onModels],
  );
}

function AppMenu({ app, onRename, onModels }: AppActions & { readonly app: AppView }) {
  const t = useTexts(appsTexts);
  const { id } = useAccount();
  const may = useMay();
  const onError = useErrorToast();
  const archive = useApiChange(
    (archived: boolean) => ({
      method: 'PATCH' as const,
      path: apiPath`/portal/v1/accounts/${id}/apps/${app.id}`,
      body: { archived },
      answer: appView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onError,
      onDone: (after) => toast('good', t(after.archived_at === null ? 'restored' : 'archived')),
    },
  );
  const icon = { size: 15, stroke: 1.7 } as const;
  const isArchived = app.archived_at !== null;
  return (
    <Menu position="bottom-end" withArrow>
      <Menu.Target>
        <ActionIcon aria-label={t('actions', { name: app.name })}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onRename(app)}>
          {t('rename')}
        </Menu.Item>
        {may('own.account.write') ? (
          <Menu.Item leftSection={<IconCpu {...icon} />} onClick={() => onModels(app)}>
            {t('models')}
          </Menu.Item>
        ) : null}
        <Menu.Item
          leftSection={isArchived ? <IconArchiveOff {...icon} /> : <IconArchive {...icon} />}
          onClick={() => void archive.run(!isArchived)}
        >
          {t(isArchived ? 'restore' : 'archive')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
