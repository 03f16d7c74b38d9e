import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { confirm } from '../../../console/ui/confirm.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import {
  CODE_DIGITS,
  doneView,
  type PersonView,
  recoveryCodesView,
  totpStartedView,
} from '../../../src/people/contract.ts';
import { useSession } from '../../api/session.tsx';
import { useConfirmedChange } from '../../components/confirmed.tsx';
import { FormError } from '../../components/form-error.tsx';
import { accountTexts } from './account-texts.ts';
import { QrCode } from './qr-code.tsx';

/** The second step after the password: off and how to set it up, or on and how to turn it off. */
export function TotpPanel({ person }: { readonly person: PersonView }) {
  const t = useTexts(accountTexts);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  return (
    <Panel
      title={t('totp')}
      actions={
        <StatusText status={person.totp ? 'good' : 'none'}>{t(person.totp ? 'totp_on' : 'totp_off')}</StatusText>
      }
    >
      {person.totp ? <TurnOff left={person.recovery_codes_left} /> : <SetUp onCodes={setCodes} />}
      <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
    </Panel>
  );
}

function TurnOff({ left }: { readonly left: number }) {
  const t = useTexts(accountTexts);
  const { retry } = useSession();
  const end = useConfirmedChange(() => ({ method: 'DELETE' as const, path: '/portal/v1/totp', answer: doneView }), {
    onDone: () => {
      retry();
      toast('good', t('totp_ended'));
    },
  });
  const ask = async () => {
    const sure = await confirm({
      title: t('totp_end_question'),
      message: t('totp_end_note'),
      confirm: t('totp_end'),
      cancel: t('cancel'),
      grave: true,
    });
    if (sure) await end.run(undefined);
  };
  return (
    <div className="page">
      <p className="form-card-note">
        {t('totp_on_note')} {t('recovery_left', { count: left })}
      </p>
      <FormError error={end.error} />
      <div>
        <Button variant="default" loading={end.running} onClick={() => void ask()}>
          {t('totp_end')}
        </Button>
      </div>
      {end.question}
    </div>
  );
}

function SetUp({ onCodes }: { readonly onCodes: (codes: readonly string[]) => void }) {
  const t = useTexts(accountTexts);
  const begin = useConfirmedChange(() => ({
    method: 'POST' as const,
    path: '/portal/v1/totp',
    answer: totpStartedView,
  }));
  if (begin.answer !== null) return <Scan started={begin.answer} onCodes={onCodes} />;
  return (
    <div className="page">
      <p className="form-card-note">{t('totp_off_note')}</p>
      <FormError error={begin.error} />
      <div>
        <Button variant="default" loading={begin.running} onClick={() => void begin.run(undefined)}>
          {t('totp_begin')}
        </Button>
      </div>
      {begin.question}
    </div>
  );
}

interface ScanProps {
  readonly started: { readonly secret: string; readonly uri: string };
  readonly onCodes: (codes: readonly string[]) => void;
}

function Scan({ started, onCodes }: ScanProps) {
  const t = useTexts(accountTexts);
  const { retry } = useSession();
  const [code, setCode] = useState('');
  const confirmed = useApiChange(
    () => ({ method: 'POST' as const, path: '/portal/v1/totp/confirm', body: { code }, answer: recoveryCodesView }),
    {
      onDone: (answer) => {
        onCodes(answer.recovery_codes);
        retry();
      },
      onError: () => setCode(''),
    },
  );
  return (
    <form
      className="page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void confirmed.run(undefined);
      }}
    >
      <p className="form-card-note">{t('totp_scan')}</p>
      <QrCode text={started.uri} label={t('totp_qr')} />
      <p className="form-card-note dimmed">{t('totp_type')}</p>
      <CodeBlock code={started.secret.replaceAll(/(.{4})(?=.)/g, '$1 ')} label={t('totp_type')} />
      <TextInput
        label={t('totp_code')}
        classNames={{ input: 'code-input' }}
        autoComplete="one-time-code"
        inputMode="numeric"
        autoFocus
        maxLength={CODE_DIGITS}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value.replaceAll(/\D/g, ''))}
      />
      <FormError error={confirmed.error} />
      <div>
        <Button type="submit" loading={confirmed.running} disabled={code.length < CODE_DIGITS}>
          {t('totp_confirm')}
        </Button>
      </div>
    </form>
  );
}

interface RecoveryCodesProps {
  readonly codes: readonly string[] | null;
  readonly onKept: () => void;
}

/** Closed only by saying that they are kept: they are shown this once. */
function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const t = useTexts(accountTexts);
  return (
    <Modal
      opened={codes !== null}
      onClose={onKept}
      title={t('recovery_title')}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <div className="page">
        <p className="form-card-note">{t('recovery_note')}</p>
        <CodeBlock code={(codes ?? []).join('\n')} label={t('recovery_copy')} />
        <Button onClick={onKept}>{t('recovery_kept')}</Button>
      </div>
    </Modal>
  );
}
