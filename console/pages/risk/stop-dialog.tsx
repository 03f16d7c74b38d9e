import { Button, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { type CutOffView, cutOffView, type StopBody } from '../../../src/accounts/standing/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { standingTexts } from './standing-texts.ts';

const KINDS = ['account', 'member', 'app', 'key', 'end_user'] as const;
const HOUR_MS = 3_600_000;
const HOURS_MAX = 8_760;

interface StopFormProps {
  readonly accountId: string;
  readonly onStopped: (cutOff: CutOffView) => void;
}

interface StopDialogProps extends StopFormProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Stops an account, or one member, app, key or end user of it. */
export function StopDialog({ opened, onClose, ...form }: StopDialogProps) {
  const t = useTexts(standingTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('stop_title')}>
      <StopForm {...form} />
    </Modal>
  );
}

interface StopFields {
  kind: (typeof KINDS)[number];
  name: string;
  reason: string;
  hours: number | string;
}

function StopForm({ accountId, onStopped }: StopFormProps) {
  const t = useTexts(standingTexts);
  const path = apiPath`/control/v1/accounts/${accountId}/stops`;
  const form = useForm<StopFields>({
    initialValues: { kind: 'account', name: '', reason: '', hours: '' },
    validate: {
      name: (name, { kind }) => (kind !== 'account' && name.trim() === '' ? t('required') : null),
      reason: (reason) => (reason.trim() === '' ? t('required') : null),
      hours: (hours) => (hours === '' || isHours(Number(hours)) ? null : t('hours_bad')),
    },
  });
  const { kind } = form.values;
  const stop = useApiChange((body: StopBody) => ({ method: 'POST', path, body, answer: cutOffView }), {
    refresh: [path],
    onDone: onStopped,
  });
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void stop.run(bodyOf(fields)))}>
      <span className="dimmed">{t('stop_note')}</span>
      <Select
        label={t('kind')}
        allowDeselect={false}
        data={KINDS.map((one) => ({ value: one, label: t(`kind_${one}`) }))}
        {...form.getInputProps('kind')}
      />
      {kind === 'account' ? null : (
        <TextInput label={t(`name_${kind}`)} autoComplete="off" {...form.getInputProps('name')} />
      )}
      <TextInput label={t('reason')} description={t('reason_note')} maxLength={500} {...form.getInputProps('reason')} />
      <NumberInput
        label={t('hours')}
        description={t('hours_note')}
        min={1}
        max={HOURS_MAX}
        {...form.getInputProps('hours')}
      />
      <FormError error={stop.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" color="danger" loading={stop.running}>
          {t('stop')}
        </Button>
      </div>
    </form>
  );
}

function isHours(hours: number): boolean {
  return Number.isInteger(hours) && hours >= 1 && hours <= HOURS_MAX;
}

function bodyOf({ kind, name, reason, hours }: StopFields): StopBody {
  const until = hours === '' ? null : new Date(Date.now() + Number(hours) * HOUR_MS).toISOString();
  const of = name.trim();
  const subject =
    kind === 'account'
      ? ({ kind } as const)
      : kind === 'member'
        ? ({ kind, member: of } as const)
        : kind === 'app'
          ? ({ kind, app: of } as const)
          : kind === 'key'
            ? ({ kind, key_id: of } as const)
            : ({ kind, end_user: of } as const);
  return { subject, reason: reason.trim(), until };
}
