import type { App } from '../compose.ts';
import { callOf, type DemoCall } from './calls.ts';
import type { DayClock } from './day-clock.ts';
import type { Seeded } from './seeded.ts';
import type { ReadyCaller } from './setup.ts';

/** What is under way of a day at once: enough for whole groups of commits. */
const AT_ONCE_MAX = 64;

/** Something of a day, at its moment. */
export interface Happening {
  readonly atMs: number;
  /** One at a time of each: the limits of a key must not see its time run backwards. */
  readonly whose: unknown;
  /** The day goes on without it for this long, and then waits: what it began expires by the clock of the day. */
  readonly heldMs?: number;
  run(): Promise<void>;
}

export interface DayDeps {
  readonly app: Pick<App, 'publicFetch'>;
  readonly clock: DayClock;
  readonly seeded: Seeded;
  /** Called with each request's id and the app that really sent it. */
  readonly onAnswer: (requestId: string, call: DemoCall) => void;
}

/** Lets a whole day happen to the service, each thing at its own moment, as fast as the service takes it. */
export async function passDay(happenings: readonly Happening[], clock: DayClock): Promise<void> {
  const underWay = new Map<unknown, Promise<void>>();
  const held = new Set<{ readonly untilMs: number; readonly done: Promise<void> }>();
  for (const { atMs, whose, heldMs, run } of happenings.toSorted((one, other) => one.atMs - other.atMs)) {
    await underWay.get(whose);
    for (const one of [...held].filter(({ untilMs }) => untilMs < atMs)) {
      await one.done;
      held.delete(one);
    }
    while (underWay.size >= AT_ONCE_MAX) await Promise.race(underWay.values());
    const done = clock.at(atMs, run).then(() => void underWay.delete(whose));
    // What failed stays under way, for the awaiting above and below to meet.
    done.catch(() => undefined);
    underWay.set(whose, done);
    if (heldMs !== undefined) held.add({ untilMs: atMs + heldMs, done });
  }
  await Promise.all(underWay.values());
}

/** Asks what this caller asks next. */
export async function callBy(caller: ReadyCaller, deps: DayDeps): Promise<void> {
  await answerTo(callOf(caller, deps.seeded), deps);
}

/** Sends a request, and reads the whole answer. Gives the id of the request. */
export async function answerTo(call: DemoCall, { app, onAnswer }: DayDeps): Promise<string> {
  const { path, headers, body, address } = call;
  const init = { method: 'POST', headers: { ...headers, host: 'localhost' }, body: JSON.stringify(body) };
  const answer = await app.publicFetch(new Request(`http://localhost${path}`, init), address);
  await answer.arrayBuffer();
  const id = answer.headers.get('x-request-id') ?? '';
  onAnswer(id, call);
  return id;
}
