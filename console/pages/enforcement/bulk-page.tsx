import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import {
  type BulkPreviewView,
  bulkPreviewView,
  bulkUndoneView,
  bulkView,
} from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { useErrorToast } from '../../components/error-toast.ts';
import { FormError } from '../../components/form-error.tsx';
import { useTexts } from '../../locales/language.tsx';
import { confirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { PageHeader } from '../../ui/page-header.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { BulkForm, type BulkOrder } from './bulk-form.tsx';
import { BulkPreview } from './bulk-preview.tsx';
import { bulkTexts } from './bulk-texts.ts';
import { CASE_PATHS } from './use-next-case.ts';

/** Deciding many cases alike: which ones exactly, then those, then undoing all of it. */
export function BulkPage() {
  const t = useTexts(bulkTexts);
  const preview = useApiChange((body: BulkOrder & { readonly query: string }) => ({
    method: 'POST',
    path: '/control/v1/enforcement/cases/bulk/preview',
    body,
    answer: bulkPreviewView,
  }));
  const [order, setOrder] = useState<BulkOrder | null>(null);
  const show = (query: string, next: BulkOrder) => {
    setOrder(next);
    void preview.run({ query, ...next });
  };
  return (
    <div className="page">
      <PageHeader title={t('title')} note={t('note')}>
        <Link to="/enforcement/cases" className="link">
          {t('back')}
        </Link>
      </PageHeader>
      <Panel title={t('which')}>
        <BulkForm running={preview.running} onShow={show} onChange={preview.reset} />
        <FormError error={preview.error} />
      </Panel>
      {preview.answer === null || order === null ? (
        <div className="panel">
          <EmptyState title={t('start')}>{t('start_note')}</EmptyState>
        </div>
      ) : (
        <BulkPreview
          preview={preview.answer}
          action={<DecideButton order={order} preview={preview.answer} onDone={preview.reset} />}
        />
      )}
    </div>
  );
}

interface DecideButtonProps {
  readonly order: BulkOrder;
  readonly preview: BulkPreviewView;
  readonly onDone: () => void;
}

function DecideButton({ order, preview, onDone }: DecideButtonProps) {
  const t = useTexts(bulkTexts);
  const undo = useUndoBulk();
  const onError = useErrorToast();
  const count = preview.ids.length;
  const decide = useApiChange(
    () => ({
      method: 'POST',
      path: '/control/v1/enforcement/cases/bulk',
      body: { ids: preview.ids, ...order },
      answer: bulkView,
    }),
    {
      refresh: CASE_PATHS,
      onError,
      onDone: ({ bulk_id: id, done, failed }) => {
        toast('good', t('done', { count: done }), { label: t('undo'), run: () => void undo.run(id) });
        const [first] = failed;
        if (first !== undefined) toast('bad', t('failed', { count: failed.length, message: first.message }));
        onDone();
      },
    },
  );
  const ask = async () => {
    const outcome = t(`outcome_${order.outcome}`);
    const message = t('sure_note', { count, outcome });
    if (await confirm({ title: t('sure'), message, confirm: t('decide', { count }), cancel: t('cancel') })) {
      await decide.run(undefined);
    }
  };
  return (
    <Button loading={decide.running} onClick={() => void ask()}>
      {t('decide', { count })}
    </Button>
  );
}

function useUndoBulk() {
  const t = useTexts(bulkTexts);
  const onError = useErrorToast();
  return useApiChange(
    (id: string) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/cases/bulk/${id}/undo`,
      body: { reason: t('undo_reason') },
      answer: bulkUndoneView,
    }),
    {
      refresh: CASE_PATHS,
      onError,
      onDone: ({ undone, failed }) => {
        toast('good', t('undone', { count: undone }));
        const [first] = failed;
        if (first !== undefined) toast('bad', t('failed', { count: failed.length, message: first.message }));
      },
    },
  );
}
