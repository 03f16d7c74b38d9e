import type { GenerationEvent } from '../../providers/index.ts';
import type { Passed, ReplyGate } from './reply-gate.ts';

const NOTHING: Passed = { events: [], cut: null };

/** Nothing of a reply goes on before all of it was looked at; where it is cut, nothing does at all. */
export function createWholeGate(inner: ReplyGate): ReplyGate {
  const held: GenerationEvent[] = [];
  const begun = new Set<number>();

  function keep({ events, cut }: Passed): Passed {
    if (cut !== null) return { events: [], cut };
    held.push(...events);
    return NOTHING;
  }
  async function end(silent: boolean): Promise<Passed> {
    const last = keep(await inner.flush(silent));
    return silent || last.cut !== null ? last : { events: held.splice(0), cut: null };
  }
  return {
    pass(events) {
      for (const event of events) if ('choice' in event) begun.add(event.choice);
      const passed = inner.pass(events);
      return passed instanceof Promise ? passed.then(keep) : keep(passed);
    },
    flush: (silent = false) => end(silent),
    // What waits waits for the end, however long the upstream is silent.
    dueMs: () => null,
    unfinished: () => [...begun],
    verdict: () => inner.verdict(),
  };
}
