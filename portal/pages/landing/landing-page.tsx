import { Badge, Button, Title } from '@mantine/core';
import { IconBolt, IconGauge, IconMessageQuestion, IconReceipt } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useApi } from '../../../console/api/queries.ts';
import { Redirect } from '../../../console/components/redirect.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import type { Status } from '../../../console/ui/palette.ts';
import { StatusIcon } from '../../../console/ui/status.tsx';
import type { ServiceView } from '../../../src/app/site/contract.ts';
import { type SignUpDoorView, signUpDoorView } from '../../../src/people/contract.ts';
import { useService } from '../../api/service.ts';
import { useSession } from '../../api/session.tsx';
import { FirstRequest } from './first-request.tsx';
import './landing.css';
import { landingTexts } from './landing-texts.ts';

type DoorState = SignUpDoorView['plans'][number]['state'];

const FACTS = [
  ['receipts', IconReceipt],
  ['limits', IconGauge],
  ['reasons', IconMessageQuestion],
  ['stop', IconBolt],
] as const;

/** What this service is, what stands at its door, and the way in. Who is in goes on to their pages. */
export function LandingPage() {
  const t = useTexts(landingTexts);
  const { session } = useSession();
  const service = useService();
  if (session?.state === 'signed_in') return <Redirect to="/start" />;
  return (
    <div className="landing">
      <div className="landing-hero">
        <div className="landing-words">
          <Title order={1} className="landing-headline">
            {t('headline')}
          </Title>
          <p className="landing-lead">{t('lead', { name: service?.name ?? 'Candor' })}</p>
          <WayIn />
        </div>
        <FirstRequest model={service?.models[0] ?? ''} />
      </div>
      <ul className="landing-facts">
        {FACTS.map(([fact, Icon]) => (
          <li key={fact}>
            <Icon size={22} stroke={1.5} aria-hidden color="var(--candor-accent)" />
            <h2>{t(`fact_${fact}`)}</h2>
            <p>{t(`fact_${fact}_note`)}</p>
          </li>
        ))}
      </ul>
      {service === undefined || service.models.length === 0 ? null : <Models service={service} />}
    </div>
  );
}

/** The button fits what stands at the door, and the door is told before anybody tries it. */
function WayIn() {
  const t = useTexts(landingTexts);
  const { data: door } = useApi({ path: '/portal/v1/sign-up', answer: signUpDoorView }, { once: true });
  const entry = door?.plans.find(({ plan }) => plan === null) ?? door?.plans[0];
  const state = entry?.state ?? 'open';
  const words = { open: 'sign_up', invite_only: 'with_invitation', waitlist: 'join_line' } as const;
  return (
    <>
      <div className="row landing-ways">
        {state === 'paused' ? null : (
          <Button component={Link} to="/sign-up" size="md">
            {t(words[state])}
          </Button>
        )}
        <Button component={Link} to="/sign-in" size="md" variant="default">
          {t('sign_in')}
        </Button>
      </div>
      <p className="landing-door">
        {entry === undefined ? null : <DoorWords state={state} retryAt={entry.retry_at} />}
      </p>
    </>
  );
}

const DOOR_STATUS: Readonly<Record<DoorState, Status>> = {
  open: 'good',
  invite_only: 'none',
  waitlist: 'none',
  paused: 'warn',
};

function DoorWords({ state, retryAt }: { readonly state: DoorState; readonly retryAt: string | null }) {
  const t = useTexts(landingTexts);
  const formats = useFormats();
  const words =
    state === 'paused' && retryAt !== null
      ? t('door_paused_until', { time: formats.time(retryAt) })
      : t(`door_${state}`);
  return (
    <>
      <StatusIcon status={DOOR_STATUS[state]} />
      {words}
    </>
  );
}

function Models({ service }: { readonly service: ServiceView }) {
  const t = useTexts(landingTexts);
  return (
    <section className="landing-models" aria-labelledby="landing-models">
      <h2 id="landing-models">{t('models')}</h2>
      <p className="dimmed">{t('models_note', { count: service.models.length })}</p>
      <ul>
        {service.models.map((model) => (
          <li key={model}>
            <Badge variant="default" size="lg" translate="no" className="mono">
              {model}
            </Badge>
          </li>
        ))}
      </ul>
    </section>
  );
}
