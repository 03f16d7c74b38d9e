import { useCallback, useEffect, useRef, useState } from 'react';
import type { ApiError } from '../../../console/api/api-error.ts';
import { apiPath, callApi } from '../../../console/api/client.ts';
import { useLanguage } from '../../../console/locales/language.tsx';
import { LOCALE_OF } from '../../../console/locales/define-texts.ts';
import { createdPortalKeyView, PLAYGROUND_KEY_MS } from '../../../src/portal/keys/contract.ts';
import { cancelChat, type ChatMessage, type ChatRefusal, streamChat } from '../../api/chat.ts';
import { useAccount } from '../../components/account.tsx';

/** One question and what came of it. */
export interface Turn {
  readonly question: string;
  readonly model: string;
  readonly answer: string;
  readonly state: 'writing' | 'done' | 'stopped' | 'failed';
  readonly finish: string;
  /** Null until the service has taken the request. */
  readonly requestId: string | null;
  readonly startedAtMs: number;
  readonly tookMs: number | null;
  readonly refusal: ChatRefusal | null;
}

export interface Playground {
  readonly turns: readonly Turn[];
  readonly writing: boolean;
  /** Why no key could be made. */
  readonly keyError: ApiError | null;
  readonly send: (ask: { readonly model: string; readonly system: string; readonly question: string }) => void;
  readonly stop: () => void;
  readonly clear: () => void;
}

/** A key is not used in its last minutes, in which an answer could outlive it. */
const SPARE_MS = 300_000;

/** A conversation with a key that this page had made; the key is kept in its memory alone. */
export function usePlayground(): Playground {
  const account = useAccount();
  const { language } = useLanguage();
  const [turns, setTurns] = useState<readonly Turn[]>([]);
  const [keyError, setKeyError] = useState<ApiError | null>(null);
  const keyOf = usePlaygroundKey(account.id);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const change = useCallback((changed: Partial<Turn> | ((turn: Turn) => Partial<Turn>)) => {
    setTurns((all) => all.map((turn, at) => (at === all.length - 1 ? { ...turn, ...valueOf(changed, turn) } : turn)));
  }, []);

  async function run(ask: Parameters<Playground['send']>[0], before: readonly Turn[]): Promise<void> {
    const abort = new AbortController();
    running.current = abort;
    const startedAtMs = Date.now();
    setTurns([...before, { ...NEW_TURN, question: ask.question, model: ask.model, startedAtMs }]);
    const key = await keyOf();
    setKeyError(key.ok ? null : key.refusal);
    if (!key.ok) {
      setTurns(before);
      running.current = null;
      return;
    }
    const answered = await streamChat({
      key: key.value,
      model: ask.model,
      messages: messagesOf(ask, before),
      language: LOCALE_OF[language],
      signal: abort.signal,
      onId: (requestId) => change({ requestId }),
      onText: (piece) => change((turn) => ({ answer: turn.answer + piece })),
    });
    running.current = null;
    const stopped = abort.signal.aborted || (!answered.ok && answered.refusal.reason === 'cancelled');
    change({
      tookMs: Date.now() - startedAtMs,
      state: stopped ? 'stopped' : answered.ok ? 'done' : 'failed',
      finish: answered.ok ? answered.value.finish : '',
      refusal: answered.ok || stopped ? null : answered.refusal,
    });
  }

  const last = turns.at(-1);
  const writing = last?.state === 'writing';
  return {
    turns,
    writing,
    keyError,
    send: (ask) => void run(ask, turns),
    stop() {
      const id = last?.requestId ?? null;
      const abort = running.current;
      void keyOf().then(async (key) => {
        if (key.ok && id !== null) await cancelChat(key.value, id);
        abort?.abort();
      });
    },
    clear: () => setTurns([]),
  };
}

const NEW_TURN = {
  answer: '',
  state: 'writing',
  finish: '',
  requestId: null,
  tookMs: null,
  refusal: null,
} as const;

function valueOf(changed: Partial<Turn> | ((turn: Turn) => Partial<Turn>), turn: Turn): Partial<Turn> {
  return typeof changed === 'function' ? changed(turn) : changed;
}

/** What was said so far; a question without an answer is left out, for it would be asked again. */
function messagesOf(
  { system, question }: { readonly system: string; readonly question: string },
  before: readonly Turn[],
) {
  const messages: ChatMessage[] = system.trim() === '' ? [] : [{ role: 'system', content: system.trim() }];
  for (const turn of before.filter(({ answer }) => answer !== '')) {
    messages.push({ role: 'user', content: turn.question }, { role: 'assistant', content: turn.answer });
  }
  return [...messages, { role: 'user' as const, content: question }];
}

/** Makes the key when it is first needed, and another before it ends. */
function usePlaygroundKey(accountId: string) {
  const kept = useRef<{ readonly key: string; readonly untilMs: number } | null>(null);
  return async () => {
    if (kept.current !== null && kept.current.untilMs > Date.now())
      return { ok: true, value: kept.current.key } as const;
    const made = await callApi({
      method: 'POST',
      path: apiPath`/portal/v1/accounts/${accountId}/playground-key`,
      body: {},
      answer: createdPortalKeyView,
    });
    if (!made.ok) return made;
    kept.current = { key: made.value.key, untilMs: Date.now() + PLAYGROUND_KEY_MS - SPARE_MS };
    return { ok: true, value: made.value.key } as const;
  };
}
