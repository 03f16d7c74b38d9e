import { Button, Modal } from '@mantine/core';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import type { CreatedPortalKeyView } from '../../../src/portal/keys/contract.ts';
import { keyShownTexts } from './key-shown-texts.ts';
import './developer.css';
import { Snippets } from './snippets.tsx';

interface KeyShownProps {
  /** Null while it is closed. */
  readonly made: CreatedPortalKeyView | null;
  /** What the first request asks for; null where there is no model. */
  readonly model: string | null;
  readonly onClose: () => void;
}

/** A whole key, the only time it is shown, with the first request to send with it; a click beside does not lose it. */
export function KeyShown({ made, model, onClose }: KeyShownProps) {
  const t = useTexts(keyShownTexts);
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title={t('title')}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {made === null ? null : <Shown made={made} model={made.models?.[0] ?? model} onClose={onClose} />}
    </Modal>
  );
}

interface ShownProps {
  readonly made: CreatedPortalKeyView;
  readonly model: string | null;
  readonly onClose: () => void;
}

function Shown({ made, model, onClose }: ShownProps) {
  const t = useTexts(keyShownTexts);
  return (
    <div className="page">
      <p className="developer-line">
        {t('note')} <Replaced made={made} />
      </p>
      <CodeBlock code={made.key} label={t('label')} />
      <p className="developer-line dimmed">{t('secret_note')}</p>
      {model === null ? null : (
        <>
          <h3 className="section-title">{t('try_it')}</h3>
          <Snippets apiKey={made.key} model={model} />
        </>
      )}
      <div className="row developer-end">
        <Button onClick={onClose}>{t('saved')}</Button>
      </div>
    </div>
  );
}

function Replaced({ made }: { readonly made: CreatedPortalKeyView }) {
  const t = useTexts(keyShownTexts);
  const formats = useFormats();
  const { replaces_expires_at: until } = made;
  if (made.replaces === null || until === null) return null;
  return until <= made.created_at ? t('replaced_now') : t('replaced', { time: formats.time(until) });
}
