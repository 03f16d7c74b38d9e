import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { keyTermsView, portalKeyListView } from '../../../src/portal/keys/contract.ts';
import { useAccount, useMay } from '../account.tsx';

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Keys that work, apps and members there are, to choose from, as far as who asks may see them. */
export function useSubjects(): Readonly<Record<'key' | 'app' | 'member', Choice[]>> {
  const { id } = useAccount();
  const may = useMay();
  const terms = useApi(
    { path: apiPath`/portal/v1/accounts/${id}/key-terms`, answer: keyTermsView },
    { enabled: may('own.keys.write') },
  ).data;
  const keys = useApi(
    {
      path: apiPath`/portal/v1/accounts/${id}/keys`,
      query: { state: 'active', limit: '500' },
      answer: portalKeyListView,
    },
    { enabled: may('own.keys.read') },
  ).data;
  const labelOf = (key: { readonly id: string; readonly name: string | null }) =>
    key.name === null ? key.id : `${key.name} (${key.id})`;
  return {
    key: (keys?.data ?? []).map((key) => ({ value: key.id, label: labelOf(key) })),
    app: (terms?.apps ?? []).map(({ app, name }) => ({ value: app, label: name })),
    member: (terms?.members ?? []).map(({ member, name }) => ({ value: member, label: name })),
  };
}
