import { Button, Modal, MultiSelect, Radio } from '@mantine/core';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApiChange } from '../../../console/api/queries.ts';
import { useTexts } from '../../../console/locales/language.tsx';
import { toast } from '../../../console/ui/toast.tsx';
import { allowedModelsView } from '../../../src/workspaces/contract.ts';
import { useService } from '../../api/service.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { membersTexts } from './members-texts.ts';

export type ModelSubject = { readonly kind: 'account' } | { readonly kind: 'app' | 'member'; readonly id: string };

interface ModelsDialogProps {
  /** Null while it is closed. */
  readonly asked: {
    readonly subject: ModelSubject;
    readonly title: string;
    readonly models: readonly string[] | null;
  } | null;
  readonly onClose: () => void;
}

/** Which models the keys of an account, an app or a member may use. */
export function ModelsDialog({ asked, onClose }: ModelsDialogProps) {
  return (
    <Modal opened={asked !== null} onClose={onClose} title={asked?.title ?? ''}>
      {asked === null ? null : <ModelsForm key={asked.title} {...asked} onDone={onClose} />}
    </Modal>
  );
}

type ModelsFormProps = NonNullable<ModelsDialogProps['asked']> & { readonly onDone: () => void };

function ModelsForm({ subject, models, onDone }: ModelsFormProps) {
  const t = useTexts(membersTexts);
  const { id } = useAccount();
  const known = useService()?.models ?? [];
  const [chosen, setChosen] = useState<string[] | null>(models === null ? null : [...models]);
  const save = useApiChange(
    (body: { readonly subject: ModelSubject; readonly models: readonly string[] | null }) => ({
      method: 'PUT' as const,
      path: apiPath`/portal/v1/accounts/${id}/allowed-models`,
      body,
      answer: allowedModelsView,
    }),
    {
      refresh: [apiPath`/portal/v1/accounts/${id}`],
      onDone: () => {
        toast('good', t('models_saved'));
        onDone();
      },
    },
  );
  return (
    <form
      className="page"
      onSubmit={(event) => {
        event.preventDefault();
        void save.run({ subject, models: chosen });
      }}
    >
      <p className="dimmed form-card-note">{t('limit_models_note')}</p>
      <Radio.Group
        aria-label={t('limit_models')}
        value={chosen === null ? 'all' : 'some'}
        onChange={(kind) => setChosen(kind === 'all' ? null : [])}
      >
        <div className="page" style={{ gap: 8 }}>
          <Radio size="xs" value="all" label={t('any_model')} data-autofocus />
          <Radio size="xs" value="some" label={t('only_these')} />
        </div>
      </Radio.Group>
      {chosen === null ? null : (
        <MultiSelect
          aria-label={t('choose_models')}
          placeholder={chosen.length === 0 ? t('choose_models') : ''}
          data={[...new Set([...known, ...chosen])]}
          value={chosen}
          onChange={setChosen}
          searchable
          clearable
        />
      )}
      <FormError error={save.error} />
      <div className="row" style={{ justifyContent: 'flex-end' }}>
        <Button type="submit" loading={save.running}>
          {t('save')}
        </Button>
      </div>
    </form>
  );
}
