import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { type ImposeRequest, previewView, type PreviewView } from '../../../src/enforcement/sanctions/contract.ts';
import { useApi } from '../../api/queries.ts';
import { ApiPart } from '../../components/api-part.tsx';
import { useFormats, useLanguage, useTexts } from '../../locales/language.tsx';
import { StatusText } from '../../ui/status.tsx';
import { sanctionsTexts } from './sanctions-texts.ts';

/** What an order would do and what the person would read of it, in either language; `body` null: not enough is said yet. */
export function NoticePreview({ body }: { readonly body: ImposeRequest | null }) {
  const t = useTexts(sanctionsTexts);
  const state = useApi(
    { method: 'POST', path: '/control/v1/enforcement/sanctions/preview', body: body ?? {}, answer: previewView },
    { enabled: body !== null },
  );
  return (
    <section className="page" aria-label={t('preview')} aria-live="polite">
      <strong>{t('preview')}</strong>
      {body === null ? (
        <span className="dimmed">{t('preview_waiting')}</span>
      ) : (
        <ApiPart state={state}>{(preview) => <Shown preview={preview} step={body.step} />}</ApiPart>
      )}
    </section>
  );
}

function Shown({ preview, step }: { readonly preview: PreviewView; readonly step: string }) {
  const t = useTexts(sanctionsTexts);
  const formats = useFormats();
  const { language: ours } = useLanguage();
  const [language, setLanguage] = useState<'en' | 'zh'>(ours);
  const { refusal, until, accounts, replaces, notice, redress } = preview;
  return (
    <>
      {refusal === null ? null : (
        <span>
          <StatusText status="warn">{t('would_refuse')}</StatusText> <span lang="en">{refusal.message}</span>
        </span>
      )}
      <span className="dimmed">
        {[
          t('falls_on', { count: accounts }),
          until === null ? t('ends_never') : t('ends_at', { time: formats.time(until) }),
          ...(replaces.length > 0 ? [t('replaces_some', { count: replaces.length })] : []),
          ...(step === 'terminate' ? [t('two_people')] : []),
        ].join(' ')}
      </span>
      <SegmentedControl
        size="xs"
        aria-label={t('language')}
        value={language}
        data={[
          { value: 'en', label: t('language_en') },
          { value: 'zh', label: t('language_zh') },
        ]}
        onChange={(value) => setLanguage(value === 'zh' ? 'zh' : 'en')}
      />
      <div lang={language} className="panel" style={{ padding: 12, whiteSpace: 'pre-line' }}>
        {`${notice[language]}\n\n${redress[language]}`}
      </div>
    </>
  );
}
