import {
  Autocomplete,
  Button,
  Collapse,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  TagsInput,
  TextInput,
} from '@mantine/core';
import { useForm, type UseFormReturnType } from '@mantine/form';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { apiPath } from '../../../console/api/client.ts';
import { useApi, useApiChange } from '../../../console/api/queries.ts';
import { ApiPart } from '../../../console/components/api-part.tsx';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { slug } from '../../../src/accounts/contract.ts';
import { ONE_LINE } from '../../../src/base/one-line.ts';
import {
  createdPortalKeyView,
  type CreatedPortalKeyView,
  type CreatePortalKeyBody,
  keyTermsView,
  type KeyTermsView,
} from '../../../src/portal/keys/contract.ts';
import { useAccount } from '../../components/account.tsx';
import { FormError } from '../../components/form-error.tsx';
import { keyDialogTexts } from './key-dialog-texts.ts';

const NAME_CHARS_MAX = 128;
const LIMITS = ['requests_per_minute', 'tokens_per_minute', 'concurrency'] as const;
type Limit = (typeof LIMITS)[number];

interface KeyDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onMade: (made: CreatedPortalKeyView) => void;
}

/** Makes a key, within what role and workspace allow. */
export function KeyDialog({ opened, onClose, onMade }: KeyDialogProps) {
  const t = useTexts(keyDialogTexts);
  return (
    <Modal opened={opened} onClose={onClose} title={t('title')}>
      <KeyTerms onMade={onMade} />
    </Modal>
  );
}

function KeyTerms({ onMade }: Pick<KeyDialogProps, 'onMade'>) {
  const { id } = useAccount();
  const state = useApi({ path: apiPath`/portal/v1/accounts/${id}/key-terms`, answer: keyTermsView });
  return <ApiPart state={state}>{(terms) => <KeyForm terms={terms} onMade={onMade} />}</ApiPart>;
}

interface KeyFields extends Record<Limit, number | string> {
  name: string;
  app: string;
  member: string | null;
  models: string[];
  networks: string[];
  expiresAt: string;
}

type Form = UseFormReturnType<KeyFields>;

interface KeyFormProps {
  readonly terms: KeyTermsView;
  readonly onMade: (made: CreatedPortalKeyView) => void;
}

function KeyForm({ terms, onMade }: KeyFormProps) {
  const t = useTexts(keyDialogTexts);
  const formats = useFormats();
  const { id } = useAccount();
  const form = useKeyForm(terms.member);
  const [more, setMore] = useState(false);
  const make = useApiChange(
    (body: CreatePortalKeyBody) => ({
      method: 'POST' as const,
      path: apiPath`/portal/v1/accounts/${id}/keys`,
      body,
      answer: createdPortalKeyView,
    }),
    { refresh: [apiPath`/portal/v1/accounts/${id}`], onDone: onMade },
  );
  const left = Math.max(0, terms.keys.max - terms.keys.active);
  return (
    <form className="page" noValidate onSubmit={form.onSubmit((fields) => void make.run(bodyOf(fields)))}>
      <TextInput
        label={t('name')}
        description={t('name_note')}
        autoComplete="off"
        data-autofocus
        {...form.getInputProps('name')}
      />
      <Autocomplete
        label={t('app')}
        description={t('app_note')}
        data={terms.apps.map(({ app }) => app)}
        autoComplete="off"
        {...form.getInputProps('app')}
      />
      {terms.for_others && terms.members.length > 0 ? (
        <Select
          label={t('member')}
          placeholder={t('member_none')}
          data={terms.members.map(({ member, name }) => ({ value: member, label: name }))}
          searchable
          clearable
          {...form.getInputProps('member')}
        />
      ) : null}
      <div>
        <Button
          variant="subtle"
          px={0}
          aria-expanded={more}
          leftSection={more ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
          onClick={() => setMore(!more)}
        >
          {t('more')}
        </Button>
        <Collapse expanded={more}>
          <Restrictions form={form} terms={terms} />
        </Collapse>
      </div>
      <FormError error={make.error} />
      <div className="row developer-between">
        <span className="dimmed">{t('left', { left: formats.number(left), max: formats.number(terms.keys.max) })}</span>
        <Button type="submit" loading={make.running}>
          {t('make')}
        </Button>
      </div>
    </form>
  );
}

/** What the key may not do; all of it may stay empty. */
function Restrictions({ form, terms }: { readonly form: Form; readonly terms: KeyTermsView }) {
  const t = useTexts(keyDialogTexts);
  const formats = useFormats();
  return (
    <div className="page" style={{ marginTop: 12 }}>
      <MultiSelect
        label={t('models')}
        description={t(terms.models_limited ? 'models_limited' : 'models_note')}
        data={terms.models}
        searchable
        clearable
        {...form.getInputProps('models')}
      />
      <TagsInput label={t('networks')} description={t('networks_note')} {...form.getInputProps('networks')} />
      <div className="columns" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))' }}>
        {LIMITS.map((limit) => {
          const max = terms.limits_max[limit];
          return (
            <NumberInput
              key={limit}
              label={t(limit)}
              placeholder={max === undefined ? t('unlimited') : t('at_most', { count: formats.number(max) })}
              min={1}
              {...(max !== undefined && { max })}
              allowDecimal={false}
              hideControls
              {...form.getInputProps(limit)}
            />
          );
        })}
      </div>
      <TextInput
        label={t('expires')}
        description={t('expires_note')}
        type="datetime-local"
        {...form.getInputProps('expiresAt')}
      />
    </div>
  );
}

/** A key belongs to whoever makes it unless they say otherwise, so that it stops with them. */
function useKeyForm(own: string | null): Form {
  const t = useTexts(keyDialogTexts);
  return useForm<KeyFields>({
    initialValues: {
      name: '',
      app: '',
      member: own,
      models: [],
      networks: [],
      requests_per_minute: '',
      tokens_per_minute: '',
      concurrency: '',
      expiresAt: '',
    },
    validate: {
      name: (text) => (text === '' || (ONE_LINE.test(text) && text.length <= NAME_CHARS_MAX) ? null : t('name_bad')),
      app: (text) => (text.trim() === '' || slug.safeParse(text.trim()).success ? null : t('app_bad')),
      expiresAt: (at) => (at === '' || Date.parse(at) > Date.now() ? null : t('past_bad')),
    },
  });
}

function bodyOf(fields: KeyFields): CreatePortalKeyBody {
  const textOrNull = (text: string) => (text.trim() === '' ? null : text.trim());
  const listOrNull = (list: string[]) => (list.length === 0 ? null : list);
  const limits = LIMITS.flatMap((limit) => {
    const count = fields[limit];
    return typeof count === 'number' ? [[limit, count] as const] : [];
  });
  return {
    name: textOrNull(fields.name),
    app: textOrNull(fields.app),
    member: fields.member,
    models: listOrNull(fields.models),
    networks: listOrNull(fields.networks),
    limits: limits.length === 0 ? null : Object.fromEntries(limits),
    expires_at: fields.expiresAt === '' ? null : new Date(fields.expiresAt).toISOString(),
  };
}
