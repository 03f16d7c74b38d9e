import { Button, Modal, Select, Textarea } from '@mantine/core';
import { useState } from 'react';
import {
  type CaseView,
  NOTE_CHARS_MAX,
  releasedView,
  reviewerListView,
} from '../../../src/enforcement/cases/contract.ts';
import { useNavigate } from '@tanstack/react-router';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { casePageTexts } from './case-page-texts.ts';
import { CASE_PATHS } from './use-next-case.ts';

const QUEUE = 'queue';

/** Gives a case to somebody else, or back to its queue, with what they should know. */
export function HandOver({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const navigate = useNavigate();
  const isLead = useMay()('cases.lead');
  const [isOpen, setOpen] = useState(false);
  const [to, setTo] = useState<string>(QUEUE);
  const [note, setNote] = useState('');
  const people = useApi(
    { path: '/control/v1/enforcement/reviewers', answer: reviewerListView },
    { enabled: isOpen && isLead },
  ).data;
  const hand = useApiChange(
    (body: { readonly to: string | null; readonly note: string }) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/cases/${one.id}/hand-over`,
      body,
      answer: releasedView,
    }),
    { refresh: CASE_PATHS, onDone: () => void navigate({ to: '/enforcement/cases' }) },
  );
  const offered = (people?.data ?? []).filter(({ active, away }) => active && !away);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        {t('hand_over')}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={t('hand_over')}>
        <form
          className="page"
          style={{ gap: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            void hand.run({ to: to === QUEUE ? null : to, note: note.trim() });
          }}
        >
          <Select
            label={t('to')}
            allowDeselect={false}
            value={to}
            data={[
              { value: QUEUE, label: t('to_queue') },
              ...offered.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={(value) => setTo(value ?? QUEUE)}
          />
          <Textarea
            label={t('hand_note')}
            autosize
            minRows={3}
            required
            maxLength={NOTE_CHARS_MAX}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <FormError error={hand.error} />
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={hand.running} disabled={note.trim() === ''}>
              {t('hand_over')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
