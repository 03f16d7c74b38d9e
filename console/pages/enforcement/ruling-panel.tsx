import { Button } from '@mantine/core';
import { type CaseView, caseView } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { toast } from '../../ui/toast.tsx';
import { casePageTexts } from './case-page-texts.ts';
import { CASE_PATHS } from './use-next-case.ts';

/** How a case was decided, by whom and why, and taking that back while it can be. */
export function RulingPanel({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  const mayDecide = useMay()('enforcement.write');
  const { ruling } = one;
  if (ruling === null) return null;
  const names = new Intl.ListFormat(formats.language).format(ruling.by.map(({ name }) => name));
  const mayUndo = mayDecide && one.state === 'decided' && ruling.undo_until !== null;
  const until =
    ruling.undone_at !== null
      ? t('was_undone', { time: formats.time(ruling.undone_at) })
      : ruling.undo_until === null
        ? t('for_good')
        : t('undo_until', { time: formats.time(ruling.undo_until) });
  return (
    <Panel title={t('ruling')} actions={mayUndo ? <UndoButton id={one.id} /> : null}>
      <div className="page" style={{ gap: 4 }}>
        <strong>{t('ruled', { outcome: t(`outcome_${ruling.outcome}`), names })}</strong>
        <span translate="no">{ruling.reason}</span>
        <span className="dimmed">
          {formats.time(ruling.at)} · {until}
        </span>
      </div>
    </Panel>
  );
}

function UndoButton({ id }: { readonly id: string }) {
  const t = useTexts(casePageTexts);
  const undo = useUndoCase();
  return (
    <Button variant="default" size="compact-sm" loading={undo.running} onClick={() => void undo.run(id)}>
      {t('undo')}
    </Button>
  );
}

/** Takes the decision of a case back; somebody else decides it then. */
export function useUndoCase() {
  const t = useTexts(casePageTexts);
  const onError = useErrorToast();
  return useApiChange(
    (id: string) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/cases/${id}/undo`,
      body: { reason: t('undo_reason') },
      answer: caseView,
    }),
    { refresh: CASE_PATHS, onError, onDone: () => toast('good', t('undone')) },
  );
}
