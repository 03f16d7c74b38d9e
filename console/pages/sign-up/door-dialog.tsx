import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { DOOR_STATES, doorSettingView, type DoorState } from '../../../src/people/door/contract.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import type { Door } from './door-settings.tsx';
import { signUpTexts } from './sign-up-texts.ts';

interface DoorDialogProps {
  readonly opened: boolean;
  readonly door: Door;
  readonly onClose: () => void;
}

/** Says how the door is for a plan and a country, from the next request on. */
export function DoorDialog({ opened, door, onClose }: DoorDialogProps) {
  const t = useTexts(signUpTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('change')}>
      <DoorForm door={door} onDone={onClose} />
    </Modal>
  );
}

function DoorForm({ door, onDone }: { readonly door: Door; readonly onDone: () => void }) {
  const t = useTexts(signUpTexts);
  const form = useForm<{ plan: string | null; region: string; state: DoorState; reason: string }>({
    initialValues: { plan: null, region: '', state: 'waitlist', reason: '' },
    validate: { region: (text) => (text === '' || /^[A-Z]{2}$/.test(text) ? null : t('country_bad')) },
  });
  const { plan, region, state, reason } = form.values;
  const set = useApiChange(
    () => ({
      method: 'PUT',
      path: '/control/v1/sign-up/states',
      body: { plan, region: region || null, state, reason: reason.trim() || null },
      answer: doorSettingView,
    }),
    {
      refresh: ['/control/v1/sign-up'],
      onDone: () => {
        toast('good', t('applied'));
        onDone();
      },
    },
  );
  return (
    <form className="page" noValidate onSubmit={form.onSubmit(() => void set.run(undefined))}>
      <Select
        label={t('state')}
        allowDeselect={false}
        description={t(`${state}_note`)}
        data={DOOR_STATES.map((one) => ({ value: one, label: t(`state_${one}`) }))}
        {...form.getInputProps('state')}
      />
      <Select label={t('plan')} clearable placeholder={t('all')} data={door.plans} {...form.getInputProps('plan')} />
      <TextInput
        label={t('region')}
        placeholder={t('all')}
        disabled={!door.regions_known}
        description={door.regions_known ? null : t('regions_unknown')}
        maxLength={2}
        autoComplete="off"
        {...form.getInputProps('region')}
      />
      <TextInput label={t('reason')} description={t('reason_note')} maxLength={200} {...form.getInputProps('reason')} />
      <FormError error={set.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={set.running}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
