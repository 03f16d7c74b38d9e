import { Button, Checkbox, Radio, Select, Stack, Textarea } from '@mantine/core';
import { type UseFormReturnType, useForm } from '@mantine/form';
import {
  type AppealDetailView,
  appealDetailView,
  type AppealOutcome,
  ANSWER_CHARS_MAX,
  outcomeReasons,
} from '../../../src/enforcement/appeals/contract.ts';
import { stepName } from '../../../src/enforcement/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useLanguage, useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { AppealPreview } from './appeal-preview.tsx';
import { APPEALS_PATH } from './appeal-state.ts';
import { appealsTexts } from './appeals-texts.ts';

interface AnswerFields {
  /** Nothing is suggested to a reviewer. */
  outcome: AppealOutcome | null;
  reason: string | null;
  harmless: string[];
  step: string | null;
  language: 'en' | 'zh';
  words: string;
}

type AnswerForm = UseFormReturnType<AnswerFields>;

const OUTCOMES = ['upheld', 'overturned', 'partly'] as const;

/** Where a reviewer answers: what it comes to, why, in their own words, and what that sets going. */
export function AppealAnswerPanel({ appeal }: { readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const { language } = useLanguage();
  const form = useForm<AnswerFields>({
    initialValues: { outcome: null, reason: null, harmless: [], step: null, language, words: '' },
    validate: {
      outcome: (outcome) => (outcome === null ? t('outcome_bad') : null),
      reason: (reason, { outcome }) => (reasonsOf(outcome).some((one) => one === reason) ? null : t('reason_bad')),
      words: (words) => (words.trim() === '' || words.length > ANSWER_CHARS_MAX ? t('words_bad') : null),
    },
  });
  const decide = useApiChange(
    (values: AnswerFields) => ({
      method: 'POST' as const,
      path: apiPath`/control/v1/enforcement/appeals/${appeal.id}/decide`,
      body: bodyOf(values),
      answer: appealDetailView,
    }),
    { refresh: [APPEALS_PATH, '/control/v1/enforcement'], onDone: () => toast('good', t('answered')) },
  );
  const ask = async (values: AnswerFields) => {
    if (values.outcome === null) return;
    const question = { title: t(`confirm_${values.outcome}`), message: t('confirm_note'), grave: true };
    if (await confirm({ ...question, confirm: t('send'), cancel: t('cancel') })) await decide.run(values);
  };
  const { outcome, harmless } = form.values;
  return (
    <Panel title={t('decide')}>
      <form className="page" style={{ gap: 14 }} onSubmit={form.onSubmit((values) => void ask(values))}>
        <Outcomes form={form} />
        {outcome === 'partly' ? <InPart form={form} appeal={appeal} /> : null}
        <Words form={form} />
        {outcome === null ? null : (
          <AppealPreview id={appeal.id} outcome={outcome} harmless={outcome === 'partly' ? harmless : []} />
        )}
        <FormError error={decide.error} />
        <div className="row">
          <Button type="submit" loading={decide.running}>
            {t('send')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

function bodyOf({ outcome, reason, harmless, step, language, words }: AnswerFields) {
  const inPart = outcome === 'partly' ? { harmless, step } : {};
  return { outcome, reason, language, words: words.trim(), ...inPart };
}

function reasonsOf(outcome: AppealOutcome | null) {
  return outcome === null ? [] : outcomeReasons(outcome);
}

function Outcomes({ form }: { readonly form: AnswerForm }) {
  const t = useTexts(appealsTexts);
  const { outcome } = form.values;
  return (
    <>
      <Radio.Group
        label={t('outcome')}
        value={outcome}
        error={form.errors['outcome']}
        onChange={(value) => form.setValues({ outcome: OUTCOMES.find((one) => one === value) ?? null, reason: null })}
      >
        <Stack gap={6} mt={6}>
          {OUTCOMES.map((value) => (
            <Radio key={value} value={value} label={t(`outcome_${value}`)} />
          ))}
        </Stack>
      </Radio.Group>
      <Select
        key={outcome}
        label={t('reason')}
        withAsterisk
        disabled={outcome === null}
        data={reasonsOf(outcome).map((value) => ({ value, label: t(`reason_${value}`) }))}
        {...form.getInputProps('reason')}
      />
    </>
  );
}

function InPart({ form, appeal }: { readonly form: AnswerForm; readonly appeal: AppealDetailView }) {
  const t = useTexts(appealsTexts);
  const words = useTexts(enforcementTexts);
  const milder = stepName.options.slice(
    0,
    stepName.options.findIndex((step) => step === appeal.step),
  );
  return (
    <>
      {appeal.incidents.length === 0 ? null : (
        <Checkbox.Group label={t('harmless')} {...form.getInputProps('harmless')}>
          <Stack gap={6} mt={6}>
            {appeal.incidents.map(({ id, conduct }) => (
              <Checkbox key={id} value={id} label={`${enforcementWord(words, 'conduct', conduct)} · ${shortId(id)}`} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <Select
        label={t('milder')}
        placeholder={t('milder_none')}
        clearable
        data={milder.map((value) => ({ value, label: enforcementWord(words, 'step', value) }))}
        {...form.getInputProps('step')}
      />
    </>
  );
}

function Words({ form }: { readonly form: AnswerForm }) {
  const t = useTexts(appealsTexts);
  return (
    <>
      <Select
        label={t('language')}
        allowDeselect={false}
        data={(['en', 'zh'] as const).map((value) => ({ value, label: t(`language_${value}`) }))}
        {...form.getInputProps('language')}
      />
      <Textarea
        label={t('words')}
        description={t('words_note', { language: t(`language_${form.values.language}`) })}
        withAsterisk
        autosize
        minRows={4}
        maxRows={12}
        maxLength={ANSWER_CHARS_MAX}
        {...form.getInputProps('words')}
      />
    </>
  );
}
