import type { Behaviour } from '../world/upstream.ts';
import * as faults from '../world/upstream-faults.ts';
import { type Dialect, play, textScript } from '../world/upstream-script.ts';

export const TEXTS = ['alpha', 'beta', 'gamma', 'delta'];
const SCRIPT = textScript(TEXTS);
const UNCOUNTED = textScript(TEXTS, { usage: null });

/** What the caller gets. */
export type Answer =
  | { readonly kind: 'whole' }
  /** An error with a status of its own. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly retryAfterSec?: number }
  /** These words, then an error inside the stream. */
  | { readonly kind: 'in band'; readonly reason: string; readonly words: readonly string[] }
  /** Nothing more: it hung up. */
  | { readonly kind: 'left' };

/** What was booked: the upstream's counts, our own, the prompt alone, or nothing because nothing was taken. */
export type Booked = 'reported' | 'own' | 'prompt' | 'none';

export interface Expectation {
  readonly answer: Answer;
  readonly booked: Booked;
  readonly attempts?: number;
}

export interface Fault {
  readonly name: string;
  readonly behaviour: (dialect: Dialect) => Behaviour;
  /** What the caller does, once the upstream has the request or the first words have come. */
  readonly caller?: 'leaves before the first byte' | 'leaves midway' | 'cancels midway';
  /** The target's time-outs are short. */
  readonly impatient?: boolean;
  /** Null where the fault cannot happen. */
  readonly streamed: ((dialect: Dialect) => Expectation) | null;
  readonly whole: Expectation | null;
}

function refused(status: number, reason: string, booked: Booked, more: Partial<Expectation> = {}): Expectation {
  return { answer: { kind: 'refused', status, reason }, booked, ...more };
}

function inBand(reason: string): () => Expectation {
  return () => ({ answer: { kind: 'in band', reason, words: TEXTS.slice(0, 2) }, booked: 'own' });
}

const LEFT_EARLY: Expectation = { answer: { kind: 'left' }, booked: 'prompt' };

/** A fault before the first byte: it looks the same whether a stream was asked for or not. */
function before(expected: Expectation): Pick<Fault, 'streamed' | 'whole'> {
  return { streamed: () => expected, whole: expected };
}

function after(streamed: () => Expectation, whole: Expectation): Pick<Fault, 'streamed' | 'whole'> {
  return { streamed, whole };
}

/** Streams do one thing, answers in one piece another. */
function either(streamed: (dialect: Dialect) => Behaviour, whole: (dialect: Dialect) => Behaviour): Fault['behaviour'] {
  return (dialect) => (exchange) =>
    (dialect.asksForStream(exchange.request) ? streamed(dialect) : whole(dialect))(exchange);
}

/** Half of an answer in one piece, and then `end`. */
function halfBody(end: 'silence' | 'a proper end'): (dialect: Dialect) => Behaviour {
  return (dialect) => async (exchange) => {
    const text = JSON.stringify(dialect.whole(SCRIPT));
    await exchange.startStream({ 'content-type': 'application/json' });
    await exchange.chunk(text.slice(0, text.length / 2));
    if (end === 'a proper end') await exchange.endStream();
  };
}

const stallMidway = either((dialect) => faults.stallMidway(dialect, SCRIPT), halfBody('silence'));

export const FAULTS: readonly Fault[] = [
  {
    name: 'normal',
    behaviour: (dialect) => play(dialect, SCRIPT),
    ...before({ answer: { kind: 'whole' }, booked: 'reported' }),
  },
  {
    name: 'no usage reported',
    behaviour: (dialect) => play(dialect, UNCOUNTED),
    ...before({ answer: { kind: 'whole' }, booked: 'own' }),
  },
  {
    name: 'the caller leaves before the first byte',
    caller: 'leaves before the first byte',
    behaviour: () => faults.silent,
    ...before(LEFT_EARLY),
  },
  {
    name: 'the caller leaves midway',
    caller: 'leaves midway',
    behaviour: stallMidway,
    ...after(() => ({ answer: { kind: 'left' }, booked: 'own' }), LEFT_EARLY),
  },
  {
    name: 'the caller cancels midway',
    caller: 'cancels midway',
    behaviour: stallMidway,
    streamed: inBand('cancelled'),
    whole: null,
  },
  {
    name: 'the upstream dies before output',
    behaviour: () => (exchange) => exchange.destroy(),
    ...before(refused(502, 'upstream_died', 'prompt')),
  },
  {
    name: 'the upstream dies midway',
    behaviour: either(
      (dialect) => faults.dieMidway(dialect, SCRIPT, 'destroy'),
      (dialect) => faults.shortBody(dialect, SCRIPT),
    ),
    ...after(inBand('upstream_died'), refused(502, 'upstream_died', 'prompt')),
  },
  {
    name: 'the upstream resets midway',
    behaviour: (dialect) => faults.dieMidway(dialect, SCRIPT, 'reset'),
    streamed: inBand('upstream_died'),
    whole: null,
  },
  {
    name: 'an error in band',
    behaviour: either(
      (dialect) => faults.errorInBand(dialect, SCRIPT),
      (dialect) => (exchange) => exchange.send(200, {}, dialect.errorBody(500, 'internal')),
    ),
    ...after(inBand('upstream_failed'), refused(502, 'upstream_failed', 'none')),
  },
  {
    name: 'an error in band before output',
    behaviour: (dialect) => faults.errorInBand(dialect, SCRIPT, true),
    // An error that names its status counts as that status, and a 500 takes nothing.
    streamed: ({ kind }) => refused(502, 'upstream_failed', kind === 'gemini' ? 'none' : 'prompt'),
    whole: null,
  },
  {
    name: '429',
    behaviour: (dialect) => faults.failWith(dialect, 429, 'slow down', { 'retry-after': '7' }),
    ...before({
      answer: { kind: 'refused', status: 429, reason: 'upstream_rate_limited', retryAfterSec: 7 },
      booked: 'none',
    }),
  },
  {
    name: '500',
    behaviour: (dialect) => faults.failWith(dialect, 500, 'oh no'),
    ...before(refused(502, 'upstream_failed', 'none')),
  },
  {
    name: '503',
    behaviour: (dialect) => faults.failWith(dialect, 503, 'not now'),
    ...before(refused(503, 'upstream_unavailable', 'none', { attempts: 2 })),
  },
  {
    name: 'a stall before the first token',
    impatient: true,
    behaviour: () => faults.silent,
    ...before(refused(504, 'upstream_timeout', 'prompt')),
  },
  {
    name: 'a stall midway',
    impatient: true,
    behaviour: stallMidway,
    ...after(inBand('upstream_stalled'), refused(504, 'upstream_stalled', 'prompt')),
  },
  {
    name: 'garbage instead of an answer',
    behaviour: () => faults.htmlPage,
    ...before(refused(502, 'upstream_garbage', 'prompt')),
  },
  {
    name: 'garbage midway',
    behaviour: (dialect) => faults.brokenJson(dialect, SCRIPT),
    ...after(inBand('upstream_garbage'), refused(502, 'upstream_garbage', 'prompt')),
  },
  {
    name: 'an answer cut short by a proper end of its body',
    behaviour: either((dialect) => faults.endMidway(dialect, SCRIPT), halfBody('a proper end')),
    ...after(inBand('upstream_died'), refused(502, 'upstream_garbage', 'prompt')),
  },
  {
    name: 'all of the answer but its end marker',
    behaviour: (dialect) => faults.withoutEnd(dialect, SCRIPT),
    streamed: (dialect) =>
      dialect.endOptional
        ? { answer: { kind: 'whole' }, booked: 'reported' }
        : { answer: { kind: 'in band', reason: 'upstream_died', words: TEXTS }, booked: 'own' },
    whole: null,
  },
];
