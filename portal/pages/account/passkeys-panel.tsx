import { Button } from '@mantine/core';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import {
  doneView,
  passkeyListView,
  passkeyOptionsView,
  type PasskeyView,
  passkeyView,
} from '../../../src/people/contract.ts';
import { canUsePasskeys, makePasskey } from '../../api/passkey.ts';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { FormError, useErrorToast } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';
import { deviceName } from './device-name.ts';

const PATH = '/portal/v1/passkeys';

/** The passkeys one has, and another one. */
export function PasskeysPanel() {
  const t = useTexts(accountTexts);
  const state = useApi({ path: PATH, answer: passkeyListView });
  return (
    <Panel title={t('passkeys')}>
      <div className="page">
        <p className="form-card-note">{t('passkeys_note')}</p>
        <ApiPart state={state}>
          {({ data }) =>
            data.length === 0 ? (
              <p className="form-card-note dimmed">{t('passkeys_none')}</p>
            ) : (
              <ul className="facts-list">
                {data.map((passkey) => (
                  <PasskeyLine key={passkey.id} passkey={passkey} />
                ))}
              </ul>
            )
          }
        </ApiPart>
        {canUsePasskeys() ? <AddPasskey /> : <p className="form-card-note dimmed">{t('passkeys_unable')}</p>}
      </div>
    </Panel>
  );
}

function PasskeyLine({ passkey }: { readonly passkey: PasskeyView }) {
  const t = useTexts(accountTexts);
  const formats = useFormats();
  const showError = useErrorToast();
  const remove = useConfirmedChange(
    () => ({ method: 'DELETE' as const, path: apiPath`/portal/v1/passkeys/${passkey.id}`, answer: doneView }),
    { refresh: [PATH], onDone: () => toast('good', t('passkey_removed')), onError: showError },
  );
  const ask = async () => {
    const sure = await confirm({
      title: t('passkey_remove_question', { name: passkey.name }),
      message: t('passkey_remove_note'),
      confirm: t('passkey_remove'),
      cancel: t('cancel'),
      grave: true,
    });
    if (sure) await remove.run(undefined);
  };
  const used =
    passkey.last_used_at === null
      ? t('passkey_unused')
      : t('passkey_used', { ago: formats.ago(passkey.last_used_at, Date.now()) });
  const facts = [t('passkey_made', { date: formats.date(passkey.created_at) }), used];
  if (passkey.synced) facts.push(t('passkey_synced'));
  return (
    <li>
      <span>
        <strong translate="no">{passkey.name}</strong>
        <small className="dimmed">{facts.join(' · ')}</small>
      </span>
      <Button variant="subtle" loading={remove.running} onClick={() => void ask()}>
        {t('passkey_remove')}
      </Button>
      {remove.question}
    </li>
  );
}

/** Asks the service what to make, the device to make it, and gives it to the service. */
function AddPasskey() {
  const t = useTexts(accountTexts);
  const [making, setMaking] = useState(false);
  const [stopped, setStopped] = useState(false);
  const add = useApiChange(
    (body: { readonly flow: string; readonly response: Record<string, unknown>; readonly name: string }) => ({
      method: 'POST' as const,
      path: PATH,
      body,
      answer: passkeyView,
    }),
    { refresh: [PATH], onDone: () => toast('good', t('passkey_added')) },
  );
  const make = async (asked: { readonly flow: string; readonly options: Record<string, unknown> }) => {
    setMaking(true);
    const response = await makePasskey(asked.options).catch(() => null);
    setMaking(false);
    setStopped(response === null);
    const name = t('passkey_name', { device: deviceName(navigator.userAgent) ?? t('passkey_device') });
    if (response !== null) await add.run({ flow: asked.flow, response, name });
  };
  const options = useConfirmedChange(
    () => ({ method: 'POST' as const, path: `${PATH}/options`, answer: passkeyOptionsView }),
    { onDone: (asked) => void make(asked) },
  );
  return (
    <>
      <FormError error={options.error ?? add.error} />
      <span role="status" className="dimmed">
        {stopped ? t('passkey_stopped') : ''}
      </span>
      <div>
        <Button
          variant="default"
          loading={options.running || making || add.running}
          onClick={() => void options.run(undefined)}
        >
          {t('passkey_add')}
        </Button>
      </div>
      {options.question}
    </>
  );
}
