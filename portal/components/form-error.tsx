import { Alert } from '@mantine/core';
import { useMemo } from 'react';
import type { ApiError } from '../../console/api/api-error.ts';
import { errorTexts } from '../../console/api/error-texts.ts';
import { wordsOf } from '../../console/api/error-words.ts';
import { useTexts } from '../../console/locales/language.tsx';
import { StatusIcon } from '../../console/ui/status.tsx';
import { toast } from '../../console/ui/toast.tsx';
import { portalErrorTexts } from './error-texts.ts';

type OwnKey = keyof (typeof portalErrorTexts)['en'];

/** An error in words its reader can act on: the portal's own where it has some, else those every page shares. */
function useErrorWords(): (error: ApiError) => string {
  const own = useTexts(portalErrorTexts);
  const shared = useTexts(errorTexts);
  return useMemo(
    () => (error) => {
      const key = `reason_${error.reason}`;
      return isOwnKey(key) ? own(key) : wordsOf(error, shared);
    },
    [own, shared],
  );
}

function isOwnKey(key: string): key is OwnKey {
  return key in portalErrorTexts.en;
}

/** Why a form was not taken, above its buttons. */
export function FormError({ error }: { readonly error: ApiError | null }) {
  const words = useErrorWords();
  if (error === null) return null;
  return (
    <Alert role="alert" variant="outline" color="var(--candor-bad)" icon={<StatusIcon status="bad" size={18} />} p="sm">
      {words(error)}
    </Alert>
  );
}

/** For changes that have no form to show their error in. */
export function useErrorToast(): (error: ApiError) => void {
  const words = useErrorWords();
  return (error) => toast('bad', words(error));
}
