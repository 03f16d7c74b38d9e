import { Button, Checkbox, Modal, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { type ReviewerView, reviewerView, SKILL_GROUPS } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { toast } from '../../ui/toast.tsx';
import { reviewersTexts } from './reviewers-texts.ts';
import { CASE_PATHS } from './use-next-case.ts';

interface ReviewerSettingsProps {
  readonly reviewer: ReviewerView;
  readonly onClose: () => void;
}

/** What somebody can review, how much of it in a day, and whether they are away. */
export function ReviewerSettings({ reviewer, onClose }: ReviewerSettingsProps) {
  const t = useTexts(reviewersTexts);
  const [languages, setLanguages] = useState<string[]>([...reviewer.languages]);
  const [groups, setGroups] = useState<string[]>([...reviewer.groups]);
  const [restricted, setRestricted] = useState(reviewer.restricted);
  const [away, setAway] = useState(reviewer.away);
  const [minutes, setMinutes] = useState<number | null>(reviewer.minutes_per_day);
  const [severe, setSevere] = useState<number | null>(reviewer.severe_per_day);
  const save = useApiChange(
    () => ({
      method: 'PUT',
      path: apiPath`/control/v1/enforcement/reviewers/${reviewer.id}`,
      body: { languages, groups, restricted, away, minutes_per_day: minutes, severe_per_day: severe },
      answer: reviewerView,
    }),
    {
      refresh: CASE_PATHS,
      onDone: () => {
        toast('good', t('saved'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={`${reviewer.name}: ${t('settings')}`}>
      <form
        className="page"
        style={{ gap: 14 }}
        onSubmit={(event) => {
          event.preventDefault();
          void save.run(undefined);
        }}
      >
        <Checkbox.Group label={t('languages')} value={languages} onChange={setLanguages}>
          <div className="row" style={{ gap: 16, marginTop: 6 }}>
            {(['en', 'zh'] as const).map((value) => (
              <Checkbox key={value} value={value} label={t(`language_${value}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox.Group label={t('groups')} value={groups} onChange={setGroups}>
          <div className="page" style={{ gap: 8, marginTop: 6 }}>
            {SKILL_GROUPS.map((value) => (
              <Checkbox key={value} value={value} label={t(`group_${value}`)} />
            ))}
          </div>
        </Checkbox.Group>
        <Checkbox
          label={t('restricted')}
          description={t('restricted_note')}
          checked={restricted}
          onChange={(event) => setRestricted(event.currentTarget.checked)}
        />
        <DayLimit label={t('minutes_max')} most={480} value={minutes} onChange={setMinutes} />
        <DayLimit label={t('severe_max')} most={500} value={severe} onChange={setSevere} />
        <Checkbox label={t('is_away')} checked={away} onChange={(event) => setAway(event.currentTarget.checked)} />
        <FormError error={save.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={save.running}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface DayLimitProps {
  readonly label: string;
  readonly most: number;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

function DayLimit({ label, most, value, onChange }: DayLimitProps) {
  const t = useTexts(reviewersTexts);
  return (
    <NumberInput
      label={label}
      placeholder={t('as_all')}
      min={0}
      max={most}
      allowDecimal={false}
      value={value ?? ''}
      onChange={(next) => onChange(typeof next === 'number' ? next : null)}
    />
  );
}
