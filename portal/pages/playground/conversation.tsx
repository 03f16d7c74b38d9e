import { Alert, Button, Loader } from '@mantine/core';
import { useFormats, useTexts } from '../../../console/locales/language.tsx';
import { StatusIcon } from '../../../console/ui/status.tsx';
import { AnswerFacts } from './answer-facts.tsx';
import { playgroundTexts } from './playground-texts.ts';
import { ReportAnswer } from './report-dialog.tsx';
import type { Turn } from './use-playground.ts';

const IDEAS = ['idea_1', 'idea_2', 'idea_3'] as const;

interface ConversationProps {
  readonly turns: readonly Turn[];
  readonly onIdea: (question: string) => void;
}

/** What was asked and answered. Who listens hears an answer once it is whole. */
export function Conversation({ turns, onIdea }: ConversationProps) {
  const t = useTexts(playgroundTexts);
  return (
    <section className="panel conversation" aria-label={t('conversation')}>
      {turns.length === 0 ? (
        <div className="conversation-empty">
          <h2 className="section-title">{t('first')}</h2>
          <p className="dimmed">{t('first_note')}</p>
          <div className="ideas">
            {IDEAS.map((idea) => (
              <Button key={idea} variant="default" className="idea" onClick={() => onIdea(t(idea))}>
                {t(idea)}
              </Button>
            ))}
          </div>
        </div>
      ) : null}
      <div role="log">
        {turns.map((turn, at) => (
          // A turn has nothing of its own that is there from the beginning; the order never changes.
          // oxlint-disable-next-line react/no-array-index-key -- turns are only added at the end
          <TurnShown key={at} turn={turn} />
        ))}
      </div>
      <span className="visually-hidden" role="status">
        {turns.at(-1)?.state === 'writing' ? t('writing') : ''}
      </span>
    </section>
  );
}

function TurnShown({ turn }: { readonly turn: Turn }) {
  const t = useTexts(playgroundTexts);
  return (
    <div className="turn">
      <article className="turn-question">
        <h3 className="visually-hidden">{t('you')}</h3>
        <p>{turn.question}</p>
      </article>
      <article className="turn-answer" aria-busy={turn.state === 'writing'}>
        <h3 className="turn-model" translate="no">
          {turn.model}
        </h3>
        {turn.answer === '' && turn.state === 'writing' ? <Loader type="dots" size="sm" aria-hidden /> : null}
        {turn.answer === '' ? null : (
          <p className="turn-text" translate="no">
            {turn.answer}
          </p>
        )}
        <Ending turn={turn} />
        {turn.state === 'writing' || turn.requestId === null || turn.refusal !== null ? null : (
          <AnswerFacts requestId={turn.requestId} tookMs={turn.tookMs}>
            <ReportAnswer requestId={turn.requestId} />
          </AnswerFacts>
        )}
      </article>
    </div>
  );
}

/** Why an answer is not whole; nothing where it is. */
function Ending({ turn }: { readonly turn: Turn }) {
  const t = useTexts(playgroundTexts);
  const formats = useFormats();
  if (turn.refusal !== null) {
    const { status, message } = turn.refusal;
    const plainly = status === 0 ? t('unreachable') : t('refused_plainly', { status: formats.number(status) });
    return (
      <Alert
        role="alert"
        variant="outline"
        color="var(--candor-bad)"
        icon={<StatusIcon status="bad" size={18} />}
        p="sm"
      >
        {message === '' ? plainly : message}
      </Alert>
    );
  }
  if (turn.state === 'stopped') return <p className="dimmed turn-end">{t('stopped')}</p>;
  return turn.finish === 'length' ? <p className="dimmed turn-end">{t('cut')}</p> : null;
}
