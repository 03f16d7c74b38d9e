import { Alert, Button, Drawer } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { CopyId } from '../../../console/ui/copy-id.tsx';
import { KeyValues } from '../../../console/ui/key-values.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { type CreatedPortalKeyView, portalKeyView, type PortalKeyView } from '../../../src/portal/keys/contract.ts';
import { useAccount, useMay } from '../../components/account.tsx';
import { useErrorToast } from '../../components/form-error.tsx';
import { keyDialogTexts } from './key-dialog-texts.ts';
import { keysTexts } from './keys-texts.ts';
import { RotateDialog } from './rotate-dialog.tsx';

interface KeyDrawerProps {
  /** Null while it is closed. */
  readonly keyId: string | null;
  readonly onClose: () => void;
  readonly onMade: (made: CreatedPortalKeyView) => void;
}

/** One key: what it may do, how it stands, and how it is rotated or ended. */
export function KeyDrawer({ keyId, onClose, onMade }: KeyDrawerProps) {
  const t = useTexts(keyDialogTexts);
  return (
    <Drawer opened={keyId !== null} onClose={onClose} position="right" title={t('facts')}>
      {keyId === null ? null : <OneKey keyId={keyId} onClose={onClose} onMade={onMade} />}
    </Drawer>
  );
}

function OneKey({ keyId, onClose, onMade }: KeyDrawerProps & { readonly keyId: string }) {
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/keys/${keyId}`, answer: portalKeyView });
  return (
    <ApiPart state={state}>
      {(key) => (
        <div className="page">
          <Stopped apiKey={key} />
          <KeyFacts apiKey={key} />
          <KeyActions
            apiKey={key}
            onMade={(made) => {
              onClose();
              onMade(made);
            }}
          />
        </div>
      )}
    </ApiPart>
  );
}

function Stopped({ apiKey: { stop } }: { readonly apiKey: PortalKeyView }) {
  const t = useTexts(keysTexts);
  const formats = useFormats();
  if (stop === null) return null;
  return (
    <Alert variant="outline" color="var(--candor-bad)" icon={<StatusIcon status="bad" size={18} />} p="sm">
      {t('stopped_by', { time: formats.time(stop.since), reason: stop.reason })}{' '}
      <Link to="/standing" className="link">
        {t('to_standing')}
      </Link>
    </Alert>
  );
}

function KeyFacts({ apiKey }: { readonly apiKey: PortalKeyView }) {
  const t = useTexts(keyDialogTexts);
  const list = useTexts(keysTexts);
  const formats = useFormats();
  const { limits, models, networks, app } = apiKey;
  const told = (['requests_per_minute', 'tokens_per_minute', 'concurrency'] as const).flatMap((limit) => {
    const count = limits?.[limit];
    return count === undefined ? [] : [`${t(limit)}: ${formats.number(count)}`];
  });
  const owner = apiKey.member_name ?? apiKey.member;
  return (
    <KeyValues
      items={[
        [t('name'), apiKey.name ?? list('unnamed')],
        [t('id'), <CopyId key="id" id={apiKey.id} />],
        [list('col_state'), list(`state_${apiKey.stop === null ? apiKey.state : 'stopped'}`)],
        [t('app'), app ?? '–'],
        ...(owner === null ? [] : [[list('col_member'), owner] as const]),
        [t('models'), models?.join(', ') ?? list('every_model')],
        [t('networks'), networks?.join(', ') ?? t('from_anywhere')],
        [list('col_limits'), told.length === 0 ? t('default_limits') : told.join(' · ')],
        [t('scopes'), apiKey.scopes.map((scope) => t(`scope_${scope}`)).join(' · ')],
        [t('created'), formats.time(apiKey.created_at)],
        [t('last_used'), apiKey.last_used_at === null ? t('never') : formats.time(apiKey.last_used_at)],
        [t('expires'), apiKey.expires_at === null ? t('never') : formats.time(apiKey.expires_at)],
      ]}
    />
  );
}

interface KeyActionsProps {
  readonly apiKey: PortalKeyView;
  readonly onMade: (made: CreatedPortalKeyView) => void;
}

function KeyActions({ apiKey, onMade }: KeyActionsProps) {
  const t = useTexts(keyDialogTexts);
  const { id } = useAccount();
  const may = useMay();
  const onError = useErrorToast();
  const [rotating, setRotating] = useState(false);
  const name = apiKey.name ?? apiKey.id;
  const revoke = useApiChange(
    () => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/keys/${apiKey.id}/revoke`,
      body: {},
      answer: portalKeyView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: () => toast('good', t('revoked', { name })), onError },
  );
  const ask = async () => {
    const question = { title: t('revoke_question', { name }), message: t('revoke_note') };
    const sure = await confirm({ ...question, confirm: t('revoke'), cancel: t('cancel'), grave: true });
    if (sure) await revoke.run(undefined);
  };
  const changes = may('own.keys.write') && apiKey.state === 'active';
  return (
    <>
      <div className="row">
        <Link to="/usage" search={{ by: 'model', key: apiKey.id } as never} className="link">
          {t('usage')}
        </Link>
        <Link to="/requests" search={{ key: apiKey.id } as never} className="link">
          {t('requests')}
        </Link>
      </div>
      {changes ? (
        <div className="row developer-end">
          <Button variant="outline" color="danger" loading={revoke.running} onClick={() => void ask()}>
            {t('revoke')}
          </Button>
          <Button onClick={() => setRotating(true)}>{t('rotate')}</Button>
        </div>
      ) : null}
      <RotateDialog apiKey={apiKey} opened={rotating} onClose={() => setRotating(false)} onMade={onMade} />
    </>
  );
}
