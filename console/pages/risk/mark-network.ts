import type { z } from 'zod';
import { type markNetworkBody, networkView } from '../../../src/fraud/linkage/contract.ts';
import { useApiChange } from '../../api/queries.ts';
import { useErrorToast } from '../../components/error-toast.ts';

export const NETWORKS_PATH = '/control/v1/fraud/networks';

/** Says whether many people share a network; null takes that back. */
export function useMarkNetwork(options: { readonly onDone?: () => void } = {}) {
  const onError = useErrorToast();
  return useApiChange(
    (body: z.output<typeof markNetworkBody>) => ({ method: 'PUT', path: NETWORKS_PATH, body, answer: networkView }),
    { refresh: ['/control/v1/fraud/'], onError, ...options },
  );
}
