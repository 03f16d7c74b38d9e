import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import type { z } from 'zod';
import { contentView, REASON_CHARS_MAX, type readContentBody } from '../../src/metering/content/contract.ts';
import type { EventDetail } from '../../src/metering/explore/contract.ts';
import { apiPath } from '../api/client.ts';
import { type ApiChange, useApiChange } from '../api/queries.ts';
import { useMay } from '../api/session.tsx';
import { FormError } from './form-error.tsx';
import { useFormats, useTexts } from '../locales/language.tsx';
import { Panel } from '../ui/panel.tsx';
import { CapturedText } from './captured-text.tsx';
import { contentTexts } from './content-texts.ts';

const REASON_CHARS_MIN = 8;

type Content = z.infer<typeof contentView>;
type Asked = z.input<typeof readContentBody>;

interface ContentPanelProps {
  readonly id: string;
  readonly state: EventDetail['content'];
  /** Where what was written may hurt to read: it is blurred until somebody asks for it once more. */
  readonly blurred?: boolean;
}

/** Whether prompt and reply were kept, and the way to read them, which takes a reason and the permission. */
export function ContentPanel({ id, state, blurred = false }: ContentPanelProps) {
  const t = useTexts(contentTexts);
  const allowed = useMay()('content.read');
  if (state === 'captured' && allowed) return <Captured id={id} blurred={blurred} />;
  return (
    <Panel title={t('title')}>
      <span className="dimmed">{t(state === 'captured' ? 'not_allowed' : state)}</span>
    </Panel>
  );
}

/** What was read stays in this part of the page alone, and goes with it. */
function Captured({ id, blurred }: { readonly id: string; readonly blurred: boolean }) {
  const t = useTexts(contentTexts);
  const reading = useApiChange((body: Asked) => ({
    method: 'POST',
    path: apiPath`/control/v1/usage/events/${id}/content`,
    body,
    answer: contentView,
  }));
  return (
    <Panel title={t('title')}>
      {reading.answer === null ? (
        <AskForm reading={reading} />
      ) : (
        <Shown content={reading.answer} blurred={blurred} onClose={reading.reset} />
      )}
    </Panel>
  );
}

function AskForm({ reading }: { readonly reading: ApiChange<Asked, Content> }) {
  const t = useTexts(contentTexts);
  const form = useForm({
    initialValues: { reason: '' },
    validate: {
      reason: (reason) =>
        reason.trim().length < REASON_CHARS_MIN ? t('reason_short', { min: REASON_CHARS_MIN }) : null,
    },
  });
  return (
    <form className="page" style={{ gap: 10 }} onSubmit={form.onSubmit((values) => void reading.run(values))}>
      <span className="dimmed">{t('captured')}</span>
      <TextInput
        label={t('reason')}
        placeholder={t('reason_hint')}
        maxLength={REASON_CHARS_MAX}
        {...form.getInputProps('reason')}
      />
      <FormError error={reading.error} />
      <div>
        <Button type="submit" loading={reading.running}>
          {t('read')}
        </Button>
      </div>
    </form>
  );
}

interface ShownProps {
  readonly content: Content;
  readonly blurred: boolean;
  readonly onClose: () => void;
}

function Shown({ content, blurred, onClose }: ShownProps) {
  const t = useTexts(contentTexts);
  const formats = useFormats();
  const [hidden, setHidden] = useState(blurred);
  return (
    <div className="page" style={{ gap: 10 }}>
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <span className="dimmed">
          {t('as_text')} {t('kept_until', { time: formats.time(content.expires_at) })}
        </span>
        <span className="row">
          {blurred ? (
            <Button variant="default" onClick={() => setHidden(!hidden)}>
              {t(hidden ? 'unblur' : 'blur')}
            </Button>
          ) : null}
          <Button variant="default" onClick={onClose}>
            {t('close')}
          </Button>
        </span>
      </div>
      <CapturedText content={content} hidden={hidden} />
    </div>
  );
}
