import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { useLanguage, useTexts } from '../../../console/locales/language.tsx';
import { Panel } from '../../../console/ui/panel.tsx';
import { StatusText } from '../../../console/ui/status.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { CODE_DIGITS, type PhoneView, phoneView } from '../../../src/people/contract.ts';
import { FormError } from '../../components/form-error.tsx';
import { phoneTexts } from './phone-texts.ts';

const PATH = '/portal/v1/phone';

/** A mobile number as one more proof; not there where the operator sends no codes. */
export function PhonePanel() {
  const t = useTexts(phoneTexts);
  const { data: phone } = useApi({ path: PATH, answer: phoneView });
  if (phone === undefined || (!phone.available && phone.state !== 'proved')) return null;
  return (
    <Panel
      title={t('title')}
      actions={
        phone.ending === null ? null : <StatusText status="good">{t('proved', { ending: phone.ending })}</StatusText>
      }
    >
      <div className="page">
        <p className="form-card-note">{t('note')}</p>
        {phone.available ? <Steps phone={phone} /> : null}
      </div>
    </Panel>
  );
}

/** The number first, then the code that came. */
function Steps({ phone }: { readonly phone: PhoneView }) {
  const [another, setAnother] = useState(false);
  if (phone.state === 'code_sent' && !another) return <CodeForm onAnother={() => setAnother(true)} />;
  return <NumberForm onSent={() => setAnother(false)} />;
}

function NumberForm({ onSent }: { readonly onSent: () => void }) {
  const t = useTexts(phoneTexts);
  const { language } = useLanguage();
  const [number, setNumber] = useState('');
  const send = useApiChange(
    () => ({ method: 'POST' as const, path: PATH, body: { number, locale: language }, answer: phoneView }),
    { refresh: [PATH], onDone: onSent },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send.run(undefined);
  };
  return (
    <form className="page" noValidate onSubmit={submit}>
      <TextInput
        type="tel"
        label={t('number')}
        description={t('number_hint')}
        autoComplete="tel"
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <FormError error={send.error} />
      <div>
        <Button type="submit" variant="default" loading={send.running} disabled={number.trim() === ''}>
          {t('send')}
        </Button>
      </div>
    </form>
  );
}

function CodeForm({ onAnother }: { readonly onAnother: () => void }) {
  const t = useTexts(phoneTexts);
  const [code, setCode] = useState('');
  const prove = useApiChange(
    () => ({ method: 'POST' as const, path: `${PATH}/confirm`, body: { code }, answer: phoneView }),
    { refresh: [PATH], onDone: () => toast('good', t('done')) },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void prove.run(undefined);
  };
  return (
    <form className="page" noValidate onSubmit={submit}>
      <p className="form-card-note" role="status">
        {t('sent')}
      </p>
      <TextInput
        label={t('code')}
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={CODE_DIGITS + 1}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <FormError error={prove.error} />
      <div className="row">
        <Button type="submit" loading={prove.running} disabled={code.trim() === ''}>
          {t('confirm')}
        </Button>
        <Button variant="subtle" onClick={onAnother}>
          {t('other')}
        </Button>
      </div>
    </form>
  );
}
