import { Button, Select, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { z } from 'zod';
import { type CaseView, revealListView, revealTimeView, revealView } from '../../../src/enforcement/cases/contract.ts';
import { REASON_CHARS_MAX } from '../../../src/metering/content/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApi, useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { CapturedText } from '../../components/captured-text.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { FormError } from '../../components/form-error.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { shortId } from '../../ui/copy-id.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusText } from '../../ui/status.tsx';
import { toast } from '../../ui/toast.tsx';
import { casePageTexts } from './case-page-texts.ts';

type Revealed = z.infer<typeof revealView>;

const REASON_MIN = 8;
const TELL_EVERY_MS = 15_000;
const TICK_MS = 1_000;

/** What was written in the requests of a case: hidden until somebody asks, with a reason, and for so long in a day. */
export function CaseContent({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const mayRead = useMay()('content.read');
  if (!mayRead || one.request_ids.length === 0) {
    return (
      <Panel title={t('content')}>
        <span className="dimmed">{t(mayRead ? 'content_none' : 'content_no_permission')}</span>
      </Panel>
    );
  }
  return (
    <Panel title={t('content')}>
      <div className="page wraps" style={{ gap: 12 }}>
        <span className="dimmed">{t('content_note')}</span>
        {one.reveal_takes_two ? <StatusText status="warn">{t('content_two')}</StatusText> : null}
        <Waiting one={one} />
        <Reading one={one} />
      </div>
    </Panel>
  );
}

/** What others ask the viewer to agree to. */
function Waiting({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const onError = useErrorToast();
  const waiting = useApi(
    { path: '/control/v1/enforcement/reveals', answer: revealListView },
    { enabled: one.reveal_takes_two },
  ).data;
  const allow = useApiChange(
    (id: string) => ({
      method: 'POST',
      path: apiPath`/control/v1/enforcement/cases/${one.id}/reveals/${id}/allow`,
      answer: revealListView,
    }),
    { refresh: ['/control/v1/enforcement/reveals'], onError, onDone: () => toast('good', t('allowed')) },
  );
  const theirs = (waiting?.data ?? []).filter(({ case_id: id }) => id === one.id);
  return theirs.map(({ id, asked_by: by, request_id: request, reason }) => (
    <div key={id} className="row" style={{ justifyContent: 'space-between' }}>
      <span>{t('waits_for_you', { name: by.name, request: shortId(request), reason })}</span>
      <Button variant="default" size="compact-sm" loading={allow.running} onClick={() => void allow.run(id)}>
        {t('allow')}
      </Button>
    </div>
  ));
}

function Reading({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const [request, setRequest] = useState(one.request_ids.at(-1) ?? '');
  const [reason, setReason] = useState('');
  const [isAsked, setAsked] = useState(false);
  const path = apiPath`/control/v1/enforcement/cases/${one.id}`;
  const reading = useApiChange(
    (body: { readonly request_id: string; readonly reason: string }) => ({
      method: 'POST',
      path: `${path}/reveal`,
      body,
      answer: revealView,
    }),
    { refresh: [path] },
  );
  const { answer } = reading;
  if (answer !== null && answer.content !== null) {
    return <Content caseId={one.id} revealed={answer} content={answer.content} onClose={reading.reset} />;
  }
  const isShort = reason.trim().length < REASON_MIN;
  return (
    <form
      className="page"
      style={{ gap: 10 }}
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(true);
        if (!isShort) void reading.run({ request_id: request, reason: reason.trim() });
      }}
    >
      <Select
        label={t('request')}
        allowDeselect={false}
        value={request}
        data={one.request_ids.toReversed().map((id) => ({ value: id, label: id }))}
        onChange={(value) => setRequest(value ?? request)}
      />
      <TextInput
        id="reveal-reason"
        label={t('reason')}
        placeholder={t('reason_hint')}
        maxLength={REASON_CHARS_MAX}
        value={reason}
        error={isAsked && isShort ? t('reason_short', { min: REASON_MIN }) : undefined}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {answer?.state === 'awaits_second' ? <StatusText status="warn">{t('asked_second')}</StatusText> : null}
      <FormError error={reading.error} />
      <div>
        <Button type="submit" variant="default" loading={reading.running}>
          {t('read')}
        </Button>
      </div>
    </form>
  );
}

interface ContentProps {
  readonly caseId: string;
  readonly revealed: Revealed;
  readonly content: NonNullable<Revealed['content']>;
  readonly onClose: () => void;
}

/** Blurred until it is asked for once more. */
function Content({ caseId, revealed, content, onClose }: ContentProps) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  const [hidden, setHidden] = useState(true);
  const lookedMs = useLookedTime(caseId, revealed);
  return (
    <div className="page" style={{ gap: 10 }}>
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <span className="dimmed">{t('read_time', { time: formats.duration(lookedMs) })}</span>
        <span className="row">
          <Button variant="default" size="compact-sm" onClick={() => setHidden(!hidden)}>
            {t(hidden ? 'show' : 'blur')}
          </Button>
          <Button variant="default" size="compact-sm" onClick={onClose}>
            {t('close')}
          </Button>
        </span>
      </div>
      <CapturedText content={content} hidden={hidden} />
    </div>
  );
}

/** Milliseconds the text was in front; told to the service now and then, and when it is closed. */
function useLookedTime(caseId: string, { reveal_id: id, seconds_max: most }: Revealed): number {
  const [lookedMs, setLooked] = useState(0);
  const looked = useRef(0);
  const tell = useApiChange((activeMs: number) => ({
    method: 'POST',
    path: apiPath`/control/v1/enforcement/cases/${caseId}/reveals/${id}/time`,
    body: { active_ms: Math.round(activeMs) },
    answer: revealTimeView,
  }));
  const run = useRef(tell.run);
  run.current = tell.run;
  useEffect(() => {
    let toldMs = 0;
    const timer = setInterval(() => {
      if (document.visibilityState !== 'visible' || looked.current >= most * 1_000) return;
      looked.current += TICK_MS;
      setLooked(looked.current);
      if (looked.current - toldMs < TELL_EVERY_MS) return;
      toldMs = looked.current;
      void run.current(looked.current);
    }, TICK_MS);
    return () => {
      clearInterval(timer);
      void run.current(looked.current);
    };
  }, [most]);
  return lookedMs;
}
