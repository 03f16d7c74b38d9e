import { Button, Textarea } from '@mantine/core';
import { IconPlayerStop, IconSend2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTexts } from '../../../console/locales/language.tsx';
import { playgroundTexts } from './playground-texts.ts';

const QUESTION_CHARS_MAX = 100_000;

interface ComposeProps {
  readonly writing: boolean;
  readonly onSend: (question: string) => void;
  readonly onStop: () => void;
}

/** Where a question is written. While an answer is being written, the button stops that. */
export function Compose({ writing, onSend, onStop }: ComposeProps) {
  const t = useTexts(playgroundTexts);
  const [question, setQuestion] = useState('');
  const send = () => {
    if (writing || question.trim() === '') return;
    onSend(question.trim());
    setQuestion('');
  };
  return (
    <form
      className="compose"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        aria-label={t('ask')}
        placeholder={t('ask_placeholder')}
        description={t('keys_note')}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        autosize
        autoFocus
        minRows={1}
        maxRows={10}
        maxLength={QUESTION_CHARS_MAX}
        value={question}
        onChange={(event) => setQuestion(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While characters are being composed, Enter chooses among them.
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      {writing ? (
        <Button
          size="md"
          variant="default"
          leftSection={<IconPlayerStop size={18} stroke={1.7} aria-hidden />}
          onClick={onStop}
        >
          {t('stop')}
        </Button>
      ) : (
        <Button type="submit" size="md" leftSection={<IconSend2 size={18} stroke={1.7} aria-hidden />}>
          {t('send')}
        </Button>
      )}
    </form>
  );
}
