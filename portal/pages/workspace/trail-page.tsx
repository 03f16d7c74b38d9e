import { Button, Drawer, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { addressOf, apiPath } from '../../../console/api/client.ts';
import { useApiPages } from '../../../console/api/queries.ts';
import { ApiTable } from '../../../console/components/api-table.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { TimeRange, useTimeSpan } from '../../../console/components/time-range.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import type { Column } from '../../../console/ui/data-table/column.ts';
import { EmptyState } from '../../../console/ui/empty-state.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { PageHeader } from '../../../console/ui/page-header.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { timeColumn } from '../../../console/ui/usual-columns.tsx';
import { TRAIL_PAGE_MAX, trailListView, type TrailView } from '../../../src/workspaces/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useAccount } from '../../components/account.tsx';
import { trailTexts } from './trail-texts.ts';

const trailSearch = z.object({ action: z.string().max(200).optional().catch(undefined) });
const TYPING_MS = 350;

/** What was done in the account, newest first, and each line in full. */
export function TrailPage() {
  const t = useTexts(trailTexts);
  const { id } = useAccount();
  const [{ action }, change] = useSearchState(trailSearch);
  const { from, to } = useTimeSpan('30d');
  const query = { action, from, to };
  const path = apiPath`/portal/v1/accounts/${id}/trail`;
  const state = useApiPages({ path, query: { ...query, limit: TRAIL_PAGE_MAX }, answer: trailListView });
  const [opened, setOpened] = useState<TrailView | null>(null);
  const columns = useTrailColumns();
  const filter = useDebouncedCallback(
    (text: string) => change({ action: text === '' ? undefined : text }, { replace: true }),
    TYPING_MS,
  );
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <TimeRange presets={['24h', '7d', '30d', '90d']} byDefault="30d" />
        <Button
          variant="default"
          component="a"
          href={addressOf(`${path}/export`, query)}
          download
          leftSection={<IconDownload size={14} />}
        >
          {t('export')}
        </Button>
      </PageHeader>
      <Panel padded={false}>
        <div className="row panel-padded">
          <TextInput
            key={action === undefined ? 'none' : 'some'}
            aria-label={t('filter_action')}
            placeholder={t('filter_action')}
            defaultValue={action}
            onChange={(event) => filter(event.currentTarget.value)}
            style={{ flex: '1 1 240px' }}
          />
        </div>
        <ApiTable
          label={t('title')}
          state={state}
          columns={columns}
          rowId={(line) => line.id}
          onOpen={setOpened}
          empty={<EmptyState title={t('empty')}>{t('empty_note')}</EmptyState>}
        />
      </Panel>
      <Drawer opened={opened !== null} onClose={() => setOpened(null)} title={t('line')} position="right" size="lg">
        {opened === null ? null : <Line line={opened} />}
      </Drawer>
    </div>
  );
}

/** Who it was, in words. */
function useActorName(): (line: TrailView) => string {
  const t = useTexts(trailTexts);
  const person = useSession().session?.person;
  return ({ actor }) => {
    if (actor.kind !== 'person') return t(`kind_${actor.kind}`);
    return actor.name ?? (actor.id === person?.id ? person?.name : undefined) ?? t('unknown');
  };
}

function AnswerStatus({ status }: { readonly status: number | null }) {
  const t = useTexts(trailTexts);
  return <StatusText status={statusOf(status)}>{status === null ? t('unfinished') : String(status)}</StatusText>;
}

function statusOf(status: number | null): Status {
  if (status === null) return 'none';
  if (status < 400) return 'good';
  return status < 500 ? 'warn' : 'bad';
}

const shortOf = (action: string) => action.replace('/portal/v1', '').replace('/accounts/{account}', '');

function useTrailColumns(): readonly Column<TrailView>[] {
  const t = useTexts(trailTexts);
  const formats = useFormats();
  const actorOf = useActorName();
  return useMemo(() => {
    const objectsOf = (line: TrailView) => Object.values(line.objects).join(', ');
    return [
      timeColumn<TrailView>(formats, { key: 'time', header: t('time'), at: (line) => line.at, width: 200 }),
      { key: 'who', header: t('who'), value: actorOf, width: 170 },
      {
        key: 'action',
        header: t('action'),
        value: (line) => line.action,
        cell: (line) => <span className="mono">{shortOf(line.action)}</span>,
        width: 260,
      },
      {
        key: 'object',
        header: t('object'),
        value: objectsOf,
        cell: (line) => <span className="mono">{objectsOf(line)}</span>,
        width: 220,
      },
      {
        key: 'result',
        header: t('result'),
        value: (line) => line.status,
        cell: (line) => <AnswerStatus status={line.status} />,
        width: 100,
      },
      { key: 'network', header: t('network'), value: (line) => line.network_prefix, width: 140 },
      { key: 'permission', header: t('permission'), value: (line) => line.permission, hidden: true },
    ];
  }, [t, formats, actorOf]);
}

function Line({ line }: { readonly line: TrailView }) {
  const t = useTexts(trailTexts);
  const formats = useFormats();
  const actorOf = useActorName();
  const objects = Object.entries(line.objects).map(
    ([name, id]) => [`${t('object')}: ${name}`, <CopyId key={name} id={id} />] as const,
  );
  const mono = (text: string) => <span className="mono">{text}</span>;
  return (
    <div className="page">
      <KeyValues
        items={[
          [t('id'), <CopyId key="id" id={line.id} />],
          [t('time'), formats.time(line.at)],
          [t('who'), actorOf(line)],
          [t('action'), mono(line.action)],
          [t('permission'), mono(line.permission)],
          ...objects,
          [t('result'), <AnswerStatus key="result" status={line.status} />],
          [t('network'), line.network_prefix ?? '–'],
        ]}
      />
      {line.status === null ? <p className="dimmed">{t('unfinished_note')}</p> : null}
      <h3 className="section-title">{t('changes')}</h3>
      {line.changes === null ? (
        <p className="dimmed">{t('nothing_told')}</p>
      ) : (
        <CodeBlock code={JSON.stringify(line.changes, null, 2)} label={t('changes')} />
      )}
    </div>
  );
}
