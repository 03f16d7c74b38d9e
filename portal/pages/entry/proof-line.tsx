import { Button, Progress } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTexts } from '../../../console/locales/language.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { signUpTexts } from './sign-up-texts.ts';
import type { ProofWork } from './use-proof.ts';

/** How the check goes, with the way around it: nothing to see, to hear or to solve for a person. */
export function ProofLine({ work, sends }: { readonly work: ProofWork; readonly sends: boolean }) {
  const t = useTexts(signUpTexts);
  const { state, wait } = work;
  if (state.kind === 'not_needed') return null;
  return (
    <div className="proof" role="group" aria-label={t('proof')}>
      <div className="proof-line">
        <StatusIcon status={state.kind === 'done' ? 'good' : state.kind === 'failed' ? 'warn' : 'none'} />
        <span role="status">
          <ProofWords work={work} />
          {sends && state.kind !== 'done' ? ` ${t('proof_sends')}` : ''}
        </span>
      </div>
      {state.kind === 'working' ? (
        <Progress aria-label={t('proof')} value={shareShown(state.share) * 100} size={6} radius="xl" />
      ) : null}
      {wait === null || state.kind === 'awaits_email' ? null : (
        <div>
          <Button variant="subtle" size="compact-sm" onClick={wait}>
            {t('proof_wait')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Every try is as likely as the last, so that the bar nears its end and never claims to be there. */
function shareShown(share: number): number {
  return 1 - Math.exp(-1.5 * share);
}

function ProofWords({ work: { state } }: { readonly work: ProofWork }) {
  const t = useTexts(signUpTexts);
  switch (state.kind) {
    case 'done':
      return t('proof_done');
    case 'failed':
      return t('proof_failed');
    case 'awaits_email':
      return t('proof_awaits');
    case 'waiting':
      return <SecondsLeft untilMs={state.readyAtMs} />;
    default:
      return t('proof_working');
  }
}

function SecondsLeft({ untilMs }: { readonly untilMs: number }) {
  const t = useTexts(signUpTexts);
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  // Steps of ten, so that who listens is not told every second.
  const seconds = Math.max(0, Math.ceil((untilMs - nowMs) / 1_000));
  return t('proof_waiting', { seconds: seconds > 10 ? Math.ceil(seconds / 10) * 10 : seconds });
}
