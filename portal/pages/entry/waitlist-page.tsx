import { Button } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { Redirect } from '../../../console/components/redirect.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { type WaitlistView, waitlistView } from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { FormCard } from '../../components/form-card.tsx';
import { waitlistTexts } from './waitlist-texts.ts';

const EVERY_MS_MIN = 5_000;

/** Where somebody stands who waits: by the ticket behind `#` of a link, else by their session. */
export function WaitlistPage() {
  const t = useTexts(waitlistTexts);
  const { session, signOut } = useSession();
  const inLink = useLocation({ select: ({ hash }) => hash });
  const ticket = inLink === '' ? (session?.waitlist_ticket ?? '') : inLink;
  if (inLink === '' && session?.state === 'signed_in' && session.person?.state !== 'waitlisted') {
    return <Redirect to="/start" />;
  }
  if (ticket === '') {
    const way = (
      <Link to="/sign-in" className="link">
        {t('sign_in')}
      </Link>
    );
    return <FormCard title={t('nothing')} note={t('nothing_note')} below={way} />;
  }
  const out = (
    <Button variant="subtle" onClick={() => void signOut()}>
      {t('sign_out')}
    </Button>
  );
  return <Place ticket={ticket} below={session?.state === 'signed_in' ? out : undefined} />;
}

function Place({ ticket, below }: { readonly ticket: string; readonly below: ReactNode }) {
  const [everyMs, setEveryMs] = useState(EVERY_MS_MIN);
  const state = useApi({ path: apiPath`/portal/v1/waitlist/${ticket}`, answer: waitlistView }, { everyMs });
  const wantedMs = Math.max(EVERY_MS_MIN, (state.data?.poll_after_s ?? 0) * 1_000);
  useEffect(() => setEveryMs(wantedMs), [wantedMs]);
  const isFresh = !state.refreshing && state.error === null;
  return (
    <ApiPart state={state}>
      {(place) => (place.state === 'admitted' ? <Admitted /> : <Waits place={place} fresh={isFresh} below={below} />)}
    </ApiPart>
  );
}

interface WaitsProps {
  readonly place: WaitlistView;
  /** The answer shown is the newest there is: none is awaited, and none failed. */
  readonly fresh: boolean;
  readonly below: ReactNode;
}

function Waits({ place, fresh, below }: WaitsProps) {
  const t = useTexts(waitlistTexts);
  const formats = useFormats();
  const [seenAt, setSeenAt] = useState(() => Date.now());
  // An answer that says the same is the same object, so the place alone does not tell that it was asked again.
  useEffect(() => {
    if (fresh) setSeenAt(Date.now());
  }, [fresh]);
  const { ahead, expected } = place;
  const told =
    ahead === null
      ? '–'
      : ahead.from === ahead.to || ahead.from === 0
        ? t('ahead_few', { count: ahead.to })
        : t('ahead_range', { from: formats.number(ahead.from), to: formats.number(ahead.to) });
  const turn =
    expected === null
      ? t('expected_unknown')
      : t('expected_range', { from: formats.date(expected.from), to: formats.date(expected.to) });
  return (
    <FormCard title={t('title')} note={t('note')} below={below}>
      <div role="status">
        <p className="place-label">{t('ahead')}</p>
        <p className="place">{told}</p>
      </div>
      <KeyValues
        items={[
          [t('expected'), turn],
          [t('joined'), formats.date(place.joined_at)],
        ]}
      />
      <small className="dimmed">{t('checked', { time: formats.time(seenAt) })}</small>
    </FormCard>
  );
}

function Admitted() {
  const t = useTexts(waitlistTexts);
  const { session, retry } = useSession();
  const isIn = session?.state === 'signed_in';
  const learn = useEffectEvent(retry);
  useEffect(() => {
    if (isIn) learn();
  }, [isIn]);
  return (
    <FormCard title={t('admitted')} note={t('admitted_note')}>
      <Button component={Link} to={isIn ? '/start' : '/sign-in'} size="md">
        {t('enter')}
      </Button>
    </FormCard>
  );
}
