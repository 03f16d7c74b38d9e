import { errorTexts } from '../../console/api/error-texts.ts';
import { wordsOf } from '../../console/api/error-words.ts';
import { useTexts } from '../../console/locales/language.tsx';
import { ErrorState } from '../../console/ui/error-state.tsx';
import { useSession } from '../api/session.tsx';
import { Waiting } from './waiting.tsx';

/** While it is not known who is there: the skeleton of a page, or why there is none. */
export function SessionAwaited() {
  const t = useTexts(errorTexts);
  const { error, retry } = useSession();
  return (
    <main className="portal-main" id="content">
      {error === null ? <Waiting /> : <ErrorState message={wordsOf(error, t)} onRetry={retry} />}
    </main>
  );
}
