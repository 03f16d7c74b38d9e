import { Link, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { z } from 'zod';
import { type ClusterPictureView, clusterPictureView, type LinkView } from '../../../src/fraud/linkage/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { AccountLink } from '../../components/account-link.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { statusColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { graphFrom } from '../../components/linkage/cluster-graph.ts';
import { ClusterPicture } from '../../components/linkage/cluster-picture.tsx';
import { fraudTexts } from './fraud-texts.ts';
import { GivenCredit } from './given-credit.tsx';
import { LinkList } from './link-list.tsx';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';

type Member = ClusterPictureView['accounts'][number];

/** The accounts of one operator and what holds them together. */
export function ClusterPage() {
  const t = useTexts(fraudTexts);
  const id = z.string().parse(useParams({ strict: false })['id']);
  const state = useApi({ path: apiPath`/control/v1/fraud/clusters/${id}`, answer: clusterPictureView });
  if (state.error?.status === 404) return <Alone id={id} />;
  return (
    <ApiPart state={state}>
      {(cluster) => (
        <div className="page">
          <PageHeader
            title={t('cluster_title', { count: cluster.accounts.length + cluster.left })}
            note={t('cluster_note')}
          >
            <Link to="/risk" className="link">
              {t('back')}
            </Link>
          </PageHeader>
          <Shown cluster={cluster} />
        </div>
      )}
    </ApiPart>
  );
}

function Alone({ id }: { readonly id: string }) {
  const t = useTexts(fraudTexts);
  return (
    <div className="page">
      <PageHeader title={t('no_cluster')}>
        <Link to="/risk" className="link">
          {t('back')}
        </Link>
      </PageHeader>
      <div className="panel">
        <EmptyState
          title={t('no_cluster')}
          action={
            <Link to="/accounts/$id/risk" params={{ id }} className="link">
              {t('account_risk')}
            </Link>
          }
        >
          {t('no_cluster_note')}
        </EmptyState>
      </div>
    </div>
  );
}

function Shown({ cluster }: { readonly cluster: ClusterPictureView }) {
  const t = useTexts(fraudTexts);
  const words = useTexts(linkageTexts);
  const formats = useFormats();
  const { operator_id: id, accounts, links, left } = cluster;
  const graph = useMemo(() => graphFrom(id, cluster, []), [id, cluster]);
  const columns = useColumns();
  const times = accounts.map(({ at }) => at).toSorted();
  const sanctioned = accounts.filter((account) => account.sanctioned).length;
  return (
    <>
      <Panel title={t('facts')}>
        <KeyValues
          items={[
            [t('operator'), <AccountLink key="operator" id={id} />],
            [t('sanctioned'), formats.number(sanctioned)],
            [t('given'), <GivenCredit key="given" operatorId={id} whole />],
            [t('first'), formats.time(times[0] ?? null)],
            [t('last'), formats.time(times.at(-1) ?? null)],
          ]}
        />
      </Panel>
      <ClusterPicture graph={graph} self={null} />
      <Panel title={t('members')} padded={false}>
        {left === 0 ? null : (
          <p className="panel-padded dimmed" style={{ margin: 0 }}>
            {t('members_left', { count: left })}
          </p>
        )}
        <DataTable label={t('members')} rows={accounts} columns={columns} rowId={(row) => row.id} empty={null} />
      </Panel>
      <Panel title={words('links')} padded={false}>
        <LinkList links={links} ends={(link) => <Ends link={link} />} />
      </Panel>
    </>
  );
}

function Ends({ link }: { readonly link: LinkView }) {
  const [one, other] = link.accounts;
  return (
    <span className="row" style={{ gap: 6 }}>
      <AccountLink id={one} /> – <AccountLink id={other} />
    </span>
  );
}

function useColumns(): readonly Column<Member>[] {
  const t = useTexts(fraudTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'account',
        header: t('members'),
        value: (row) => row.id,
        cell: ({ id }) => (
          <CopyId id={id}>
            <AccountLink id={id} />
          </CopyId>
        ),
        width: 220,
      },
      statusColumn<Member>({
        key: 'state',
        header: t('state'),
        status: (row) => (row.sanctioned ? 'bad' : 'none'),
        word: (row) => t(row.sanctioned ? 'state_sanctioned' : 'state_free'),
        width: 130,
      }),
      timeColumn<Member>(formats, { key: 'at', header: t('joined'), at: (row) => row.at }),
      verbColumn<Member>(t('account_risk'), 150, ({ id }) => (
        <Link to="/accounts/$id/risk" params={{ id }} className="link">
          {t('account_risk')}
        </Link>
      )),
    ],
    [t, formats],
  );
}
