import { useMemo } from 'react';
import { clusterPictureView, type RiskView } from '../../../src/fraud/linkage/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi } from '../../api/queries.ts';
import { graphFrom } from './cluster-graph.ts';
import { ClusterPicture } from './cluster-picture.tsx';

/** An account among those its links hold it together with. */
export function AccountPicture({ risk }: { readonly risk: RiskView }) {
  const { operator, account_id: self, links } = risk;
  const cluster = useApi(
    { path: apiPath`/control/v1/fraud/clusters/${operator.id}`, answer: clusterPictureView },
    { enabled: operator.accounts > 1 },
  ).data;
  const graph = useMemo(() => graphFrom(self, cluster ?? null, links), [self, cluster, links]);
  return <ClusterPicture graph={graph} self={self} />;
}
