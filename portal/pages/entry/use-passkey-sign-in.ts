import { useState } from 'react';
import type { ApiError } from '../../../console/api/api-error.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { passkeyOptionsView, sessionView } from '../../../src/people/contract.ts';
import { signWithPasskey } from '../../api/passkey.ts';
import { useSession } from '../../api/session.tsx';

interface PasskeySignIn {
  readonly begin: () => void;
  readonly running: boolean;
  /** The person or their device gave none. */
  readonly stopped: boolean;
  readonly error: ApiError | null;
}

/** Asks the service what to sign, the device to sign it, and the service whether it was right. */
export function usePasskeySignIn(): PasskeySignIn {
  const { enter } = useSession();
  const [asking, setAsking] = useState(false);
  const [stopped, setStopped] = useState(false);
  const options = useApiChange(() => ({
    method: 'POST' as const,
    path: '/portal/v1/session/passkey/options',
    answer: passkeyOptionsView,
  }));
  const signIn = useApiChange(
    (body: { readonly flow: string; readonly response: Record<string, unknown> }) => ({
      method: 'POST' as const,
      path: '/portal/v1/session/passkey',
      body,
      answer: sessionView,
    }),
    { onDone: enter },
  );
  const begin = async () => {
    setStopped(false);
    const asked = await options.run(undefined);
    if (asked === null) return;
    setAsking(true);
    const response = await signWithPasskey(asked.options).catch(() => null);
    setAsking(false);
    if (response === null) setStopped(true);
    else await signIn.run({ flow: asked.flow, response });
  };
  return {
    begin: () => void begin(),
    running: options.running || asking || signIn.running,
    stopped,
    error: options.error ?? signIn.error,
  };
}
