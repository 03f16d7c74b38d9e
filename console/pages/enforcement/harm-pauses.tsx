import { Button, Modal, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type HarmPauseView, harmPauseView } from '../../../src/enforcement/harm/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { enforcementTexts } from '../../components/enforcement-texts.ts';
import { enforcementWord } from '../../components/enforcement-words.tsx';
import { FormError } from '../../components/form-error.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { DataTable } from '../../ui/data-table/data-table.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import { longTextColumn, timeColumn, verbColumn } from '../../ui/usual-columns.tsx';
import { harmTexts } from './harm-texts.ts';
import { useCohortWords } from './harm-words.ts';

const REASON_MIN = 8;

/** What hurt too many and was stopped, with the way to let it go on. */
export function HarmPauses({ pauses }: { readonly pauses: readonly HarmPauseView[] }) {
  const t = useTexts(harmTexts);
  const mayLift = useMay()('cases.lead');
  const [open, setOpen] = useState<string | null>(null);
  const columns = useColumns(mayLift ? setOpen : null);
  return (
    <Panel title={t('pauses')} padded={false}>
      <DataTable
        label={t('pauses')}
        rows={pauses}
        columns={columns}
        rowId={(row) => row.id}
        empty={<EmptyState title={t('no_pauses')}>{t('no_pauses_note')}</EmptyState>}
      />
      {open === null ? null : <LiftDialog id={open} onClose={() => setOpen(null)} />}
    </Panel>
  );
}

function useColumns(onLift: ((id: string) => void) | null): readonly Column<HarmPauseView>[] {
  const t = useTexts(harmTexts);
  const words = useTexts(enforcementTexts);
  const formats = useFormats();
  const cohortWords = useCohortWords();
  return useMemo(
    () => [
      {
        key: 'what',
        header: t('what'),
        value: ({ what, name }) =>
          what === 'rule'
            ? t('what_rule', { name })
            : t('what_conduct', { name: enforcementWord(words, 'conduct', name) }),
        width: 220,
      },
      longTextColumn<HarmPauseView>({
        key: 'why',
        header: t('why'),
        text: (row) =>
          t('why_of', {
            cohort: cohortWords(row.cohort),
            upper: formats.number(Math.round(row.upper_per_10k * 10) / 10),
            limit: formats.number(row.limit_per_10k),
            n: formats.number(row.n),
          }),
        width: 380,
      }),
      timeColumn<HarmPauseView>(formats, { key: 'since', header: t('since'), at: (row) => row.at }),
      {
        key: 'state',
        header: t('state'),
        value: (row) => row.lifted?.at ?? null,
        cell: ({ lifted }) =>
          lifted === null ? (
            <StatusText status="warn">{t('holds')}</StatusText>
          ) : (
            <span title={lifted.reason} translate="no">
              {t('lifted', { time: formats.shortTime(lifted.at) })}
            </span>
          ),
        width: 200,
      },
      ...(onLift === null
        ? []
        : [
            verbColumn<HarmPauseView>(t('lift'), 130, (row) =>
              row.lifted !== null ? null : (
                <Button variant="default" size="compact-sm" onClick={() => onLift(row.id)}>
                  {t('lift')}
                </Button>
              ),
            ),
          ]),
    ],
    [t, words, formats, cohortWords, onLift],
  );
}

function LiftDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useTexts(harmTexts);
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const isShort = reason.trim().length < REASON_MIN;
  const lift = useApiChange(
    (body: { readonly reason: string }) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/harm/pauses/${id}/lift`,
      body,
      answer: harmPauseView,
    }),
    {
      refresh: ['/control/v1/enforcement/harm', '/control/v1/enforcement/rules'],
      onDone: () => {
        toast('good', t('done'));
        onClose();
      },
    },
  );
  return (
    <Modal opened onClose={onClose} title={t('lift_title')}>
      <form
        className="page"
        style={{ gap: 12 }}
        onSubmit={(event) => {
          event.preventDefault();
          setAsked(true);
          if (!isShort) void lift.run({ reason: reason.trim() });
        }}
      >
        <span>{t('lift_note')}</span>
        <Textarea
          label={t('lift_reason')}
          autosize
          minRows={2}
          maxLength={1_000}
          value={reason}
          error={isAsked && isShort ? t('reason_short') : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <FormError error={lift.error} />
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={lift.running}>
            {t('lift')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
