import { Button } from '@mantine/core';
import { useState } from 'react';
import { doorView } from '../../../src/people/door/contract.ts';
import { useApi } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { ApiPart } from '../../components/api-part.tsx';
import { useTexts } from '../../locales/language.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Batches } from './batches.tsx';
import { DoorDialog } from './door-dialog.tsx';
import { DoorChanges, DoorSettings } from './door-settings.tsx';
import { Funnel } from './funnel.tsx';
import { signUpTexts } from './sign-up-texts.ts';
import { WaitingLine } from './waiting-line.tsx';

const LOOK_EVERY_MS = 15_000;

/** The door: whether people may sign up, how far they get, who waits, and invitations. */
export function SignUpPage() {
  const t = useTexts(signUpTexts);
  const mayWrite = useMay()('signup.write');
  const [changing, setChanging] = useState(false);
  const state = useApi({ path: '/control/v1/sign-up', answer: doorView }, { everyMs: LOOK_EVERY_MS });
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        {mayWrite ? <Button onClick={() => setChanging(true)}>{t('change')}</Button> : null}
      </PageHeader>
      <DoorSettings state={state} />
      <Funnel />
      <ApiPart state={state}>
        {(door) => (
          <>
            <WaitingLine door={door} />
            <Batches plans={door.plans} />
            <DoorDialog opened={changing} door={door} onClose={() => setChanging(false)} />
          </>
        )}
      </ApiPart>
      <DoorChanges state={state} />
    </div>
  );
}
