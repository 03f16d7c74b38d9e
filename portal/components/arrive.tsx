import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/** Goes on to a whole address of this portal, with its query and what stands behind `#`, in place of this one. */
export function Arrive({ at }: { readonly at: string }) {
  const { history } = useRouter();
  useEffect(() => history.replace(at), [history, at]);
  return null;
}
