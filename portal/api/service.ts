import { useApi } from '../../console/api/queries.ts';
import { type ServiceView, serviceView } from '../../src/app/site/contract.ts';

/** What the service calls itself, and where its terms stand; undefined until it has answered. */
export function useService(): ServiceView | undefined {
  return useApi({ path: '/portal/v1/service', answer: serviceView }, { once: true }).data;
}
