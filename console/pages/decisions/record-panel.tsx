import { Button } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { recordHeadView, recordVerificationView } from '../../../src/enforcement/decisions/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { CopyId } from '../../ui/copy-id.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { decisionsTexts } from './decisions-texts.ts';

const PROBLEMS = ['missing', 'changed', 'detached', 'cut_off'] as const;

/** The end of the record, to be kept elsewhere, and checking all of it. */
export function RecordPanel() {
  const t = useTexts(decisionsTexts);
  const formats = useFormats();
  const [checking, setChecking] = useState(false);
  const head = useApi({ path: '/control/v1/enforcement/record/head', answer: recordHeadView });
  const verb = (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconShieldCheck size={14} />}
      onClick={() => setChecking(true)}
      disabled={checking}
    >
      {t('check')}
    </Button>
  );
  return (
    <Panel title={t('record_title')} actions={verb}>
      <div className="page">
        <span className="dimmed">
          {t('record_note')} {t('head_note')}
        </span>
        <ApiPart state={head}>
          {({ seq, hash, at }) => (
            <KeyValues
              items={[
                [t('head'), <CopyId key="head" id={`${formats.number(seq)}:${hash}`} />],
                [t('head_at'), formats.time(at)],
              ]}
            />
          )}
        </ApiPart>
        {checking ? <Checked /> : null}
      </div>
    </Panel>
  );
}

function Checked() {
  const t = useTexts(decisionsTexts);
  const state = useApi({ path: '/control/v1/enforcement/record/verification', answer: recordVerificationView });
  return (
    <ApiPart state={state}>
      {({ whole, entries, broken }) => (
        <div role="status">
          {whole || broken === null ? (
            <StatusText status="good">{t('whole', { entries })}</StatusText>
          ) : (
            <StatusText status="bad">
              {t('broken', { seq: broken.seq, problem: problemOf(broken.problem, t) })}
            </StatusText>
          )}
        </div>
      )}
    </ApiPart>
  );
}

function problemOf(problem: string, t: (key: `problem_${(typeof PROBLEMS)[number]}`) => string): string {
  const known = PROBLEMS.find((one) => one === problem);
  return known === undefined ? problem : t(`problem_${known}`);
}
