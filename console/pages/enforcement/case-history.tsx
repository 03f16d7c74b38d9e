import { Button, Textarea } from '@mantine/core';
import { useState } from 'react';
import { type CaseView, caseView, NOTE_CHARS_MAX } from '../../../src/enforcement/cases/contract.ts';
import { apiPath } from '../../api/client.ts';
import { useApiChange } from '../../api/queries.ts';
import { useMay } from '../../api/session.tsx';
import { useErrorToast } from '../../components/error-toast.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { Panel } from '../../ui/panel.tsx';
import { casePageTexts } from './case-page-texts.ts';

/** What people wrote for whoever has the case next. */
export function CaseNotes({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  const mayWrite = useMay()('enforcement.write');
  return (
    <Panel title={t('notes')}>
      <div className="page" style={{ gap: 10 }}>
        {one.notes.length === 0 ? (
          <span className="dimmed">{t('notes_none')}</span>
        ) : (
          <ul className="timeline">
            {one.notes.map(({ by, at, text }) => (
              <li key={`${at} ${by.id}`}>
                <span className="dimmed">{formats.shortTime(at)}</span>
                <span>
                  <strong>{by.name}</strong>
                  <p translate="no">{text}</p>
                </span>
              </li>
            ))}
          </ul>
        )}
        {mayWrite ? <AddNote id={one.id} /> : null}
      </div>
    </Panel>
  );
}

function AddNote({ id }: { readonly id: string }) {
  const t = useTexts(casePageTexts);
  const [text, setText] = useState('');
  const onError = useErrorToast();
  const path = apiPath`/control/v1/enforcement/cases/${id}`;
  const add = useApiChange(
    (body: { readonly text: string }) => ({ method: 'POST', path: `${path}/notes`, body, answer: caseView }),
    { refresh: [path], onError, onDone: () => setText('') },
  );
  return (
    <form
      className="page"
      style={{ gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') void add.run({ text: text.trim() });
      }}
    >
      <Textarea
        aria-label={t('add_note')}
        autosize
        minRows={2}
        maxLength={NOTE_CHARS_MAX}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div>
        <Button type="submit" variant="default" size="compact-sm" loading={add.running} disabled={text.trim() === ''}>
          {t('add_note')}
        </Button>
      </div>
    </form>
  );
}

/** What happened to the case, the newest first. */
export function CaseTimeline({ one }: { readonly one: CaseView }) {
  const t = useTexts(casePageTexts);
  const formats = useFormats();
  return (
    <Panel title={t('timeline')}>
      <ol className="timeline">
        {one.events.toReversed().map(({ id, at, actor, what }) => (
          <li key={id}>
            <span className="dimmed">{formats.shortTime(at)}</span>
            <span>{happenedWord(t, what, actor.name)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

type PageKey = keyof (typeof casePageTexts)['en'];

function happenedWord(t: ReturnType<typeof useTexts<PageKey>>, what: string, name: string): string {
  const key = `happened_${what}`;
  return key in casePageTexts.en ? t(key as PageKey, { name }) : t('happened', { what });
}
