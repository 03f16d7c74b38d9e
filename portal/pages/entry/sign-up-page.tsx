import { Skeleton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { z } from 'zod';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { Redirect } from '../../../console/components/redirect.tsx';
import { useSearchState } from '../../../console/components/search-state.ts';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { type ChallengeView, type SignUpDoorView, signUpDoorView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { Or, OtherWays } from '../../components/other-ways.tsx';
import { entryTexts } from './entry-texts.ts';
import { SignUpForm } from './sign-up-form.tsx';
import { signUpTexts } from './sign-up-texts.ts';

const signUpSearch = z.object({
  plan: z.string().max(64).optional().catch(undefined),
  invitation: z.string().max(128).optional().catch(undefined),
});

/** Before a challenge expires, so that what is solved can still be sent. */
const RENEW_BEFORE_MS = 60_000;
const RENEW_MS_MIN = 5_000;

/** Mail address and password, or another service; what stands at the door is told before anything is typed. */
export function SignUpPage() {
  const t = useTexts(signUpTexts);
  const { session } = useSession();
  const [{ plan, invitation }] = useSearchState(signUpSearch);
  const state = useApi({ path: '/portal/v1/sign-up', query: { plan }, answer: signUpDoorView }, { once: true });
  useRenewal(state.data?.challenge, state.retry);
  if (session?.state === 'signed_in') return <Redirect to="/start" />;
  return (
    <ApiPart state={state} waiting={<FormCard title={t('title')} children={<Skeleton height={320} />} />}>
      {(door) => <Door door={door} plan={plan ?? null} invitation={invitation ?? null} onStale={state.retry} />}
    </ApiPart>
  );
}

/** A challenge that has expired would be refused; another one is fetched before. */
function useRenewal(challenge: ChallengeView | undefined, renew: () => void): void {
  const expiresAt = challenge?.kind === 'proof_of_work' ? challenge.expires_at : null;
  const renewNow = useEffectEvent(renew);
  useEffect(() => {
    if (expiresAt === null) return;
    const timer = setTimeout(renewNow, Math.max(RENEW_MS_MIN, Date.parse(expiresAt) - Date.now() - RENEW_BEFORE_MS));
    return () => clearTimeout(timer);
  }, [expiresAt]);
}

interface DoorProps {
  readonly door: SignUpDoorView;
  readonly plan: string | null;
  readonly invitation: string | null;
  readonly onStale: () => void;
}

function Door({ door, plan, invitation, onStale }: DoorProps) {
  const t = useTexts(signUpTexts);
  const words = useTexts(entryTexts);
  const formats = useFormats();
  const entry = door.plans.find((one) => one.plan === plan) ?? door.plans[0];
  const toSignIn = (
    <>
      <span className="dimmed">{words('have_account')}</span>
      <Link to="/sign-in" className="link">
        {words('sign_in')}
      </Link>
    </>
  );
  if (entry === undefined || entry.state === 'paused') {
    const at = entry?.retry_at ?? null;
    const note = at === null ? t('paused_note') : t('paused_until', { time: formats.time(at) });
    return (
      <FormCard title={t('paused')} note={note} below={toSignIn}>
        <Reason text={entry?.reason ?? null} />
      </FormCard>
    );
  }
  const carry = { plan: plan ?? undefined, invitation: invitation ?? undefined };
  return (
    <FormCard title={t('title')} note={t(`note_${entry.state}`)} below={toSignIn}>
      {entry.state === 'open' ? null : <Reason text={entry.reason} />}
      {door.providers.length === 0 ? null : (
        <>
          <div className="stack">
            <OtherWays providers={door.providers} carry={carry} />
          </div>
          <Or />
        </>
      )}
      <SignUpForm
        challenge={door.challenge}
        plan={plan}
        invitation={invitation}
        needsInvitation={entry.state === 'invite_only'}
        onStale={onStale}
      />
    </FormCard>
  );
}

/** What the operator says of the door: in their own language, so not translated. */
function Reason({ text }: { readonly text: string | null }) {
  return text === null ? null : <p translate="no">{text}</p>;
}
