import type { SqlValue } from '../../src/storage/sql/writer.ts';
import { startCandor, type World } from '../world/candor.ts';
import { type Behaviour, type FakeUpstream, type RecordedConnection, startUpstream } from '../world/upstream.ts';
import type { Dialect } from '../world/upstream-script.ts';
import type { Captured, EndpointSubject } from './matrix-answers.ts';
import type { Fault } from './matrix-faults.ts';

export type EventRow = Record<string, SqlValue>;

/** Requests the key of the matrix may have in flight; what leaks shows when exactly as many must fit at the end. */
export const CONCURRENCY = 40;

/** One cell: which model it asks for, and what stands behind that. */
export interface Cell {
  /** Also the model's alias and the end user, so that everything of a cell is found by it. */
  readonly id: string;
  readonly provider: string;
  readonly endpoint: EndpointSubject;
  readonly fault: Pick<Fault, 'caller' | 'impatient'>;
}

/** What a cell's upstream saw. */
export interface Seen {
  readonly connection: RecordedConnection;
  /** Resolves when the behaviour has sent all it will. */
  readonly sent: Promise<void>;
}

export interface MatrixWorld {
  readonly world: World;
  /** What the upstream of a dialect does for a cell. */
  behave(cell: Cell, behaviour: Behaviour): void;
  /** Resolves when the cell's request has reached its upstream. */
  seen(cell: Cell): Promise<Seen>;
  /** Usage events of a cell; waits until there is one. */
  booked(cell: Cell): Promise<EventRow[]>;
  close(): Promise<void>;
}

const PATIENT = '{ connect_ms: 5000, first_token_ms: 20000, stall_ms: 20000, total_ms: 30000 }';
const IMPATIENT = '{ connect_ms: 5000, first_token_ms: 1000, stall_ms: 500, total_ms: 2500 }';

/** Names whose tokenizer is published, and one whose is not. */
const UPSTREAM_MODELS: Readonly<Record<string, string>> = { openai: 'gpt-4o', anthropic: 'claude-x', gemini: 'gem-x' };

const POLL_MS = 5;
const POLLS_MAX = 1_000;

export async function startMatrix(dialects: readonly Dialect[], cells: readonly Cell[]): Promise<MatrixWorld> {
  const behaviours = new Map<string, Behaviour>();
  const arrivals = new Map<string, PromiseWithResolvers<Seen>>();
  function arrival(id: string): PromiseWithResolvers<Seen> {
    const known = arrivals.get(id) ?? Promise.withResolvers<Seen>();
    arrivals.set(id, known);
    return known;
  }
  const dispatch: Behaviour = async (exchange) => {
    const id = cellIn(exchange.request.text);
    const sent = Promise.withResolvers<void>();
    arrival(id).resolve({ connection: exchange.request.connection, sent: sent.promise });
    await (behaviours.get(id) ?? ((one) => one.send(500, {}, 'no behaviour')))(exchange);
    sent.resolve();
  };
  const upstreams: FakeUpstream[] = [];
  const providers: string[] = [];
  for (const dialect of dialects) {
    const upstream = await startUpstream({ behaviour: dispatch });
    upstreams.push(upstream);
    providers.push(`  ${dialect.kind}: { kind: ${dialect.kind}, base_url: '${dialect.baseUrl(upstream.url)}' }`);
  }
  const world = await startCandor({ yaml: yamlOf(providers, cells) });
  return {
    world,
    behave: (cell, behaviour) => void behaviours.set(cell.id, behaviour),
    seen: (cell) => arrival(cell.id).promise,
    async booked(cell) {
      for (let poll = 0; poll < POLLS_MAX; poll++) {
        const found = await eventsOf(world, cell.id);
        if (found.length > 0) return found;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      return [];
    },
    async close() {
      await world.close();
      await Promise.all(upstreams.map((upstream) => upstream.close()));
    },
  };
}

/** A model for each cell, so that no breaker and no time-out of one cell touches another. */
function yamlOf(providers: readonly string[], cells: readonly Cell[]): string {
  const models = cells.map(({ id, provider, fault }) => {
    const name = UPSTREAM_MODELS[provider] ?? 'demo';
    const timeouts = fault.impatient ? IMPATIENT : PATIENT;
    return `  ${id}: { targets: [{ provider: ${provider}, upstream_model: ${name}, timeouts: ${timeouts} }] }`;
  });
  return `
providers:
${providers.join('\n')}
  quick: { kind: demo, tokens_per_second: 1000000 }
  steady: { kind: demo, tokens_per_second: 10 }
  slow: { kind: demo, tokens_per_second: 0.1 }
models:
${models.join('\n')}
limits: { key: { requests_per_minute: null, tokens_per_minute: null, concurrency: ${CONCURRENCY} } }
routing: { attempts_max: 2, retry_ratio: 1, breaker: { samples: 10000 } }
`;
}

export function promptOf(cell: Cell): string {
  return `Please count words: ${cell.id}.`;
}

function cellIn(text: string): string {
  return /cell-\d+/.exec(text)?.[0] ?? '';
}

type Tables = { usage_event: EventRow & { id: string; end_user: string | null } };

function eventsOf(world: World, endUser: string): Promise<EventRow[]> {
  const events = world.app.storage.reader.withTables<Tables>().selectFrom('usage_event').selectAll();
  return events.where('end_user', '=', endUser).execute();
}

/** How a request went on the caller's side. */
export interface Outcome {
  /** Null when the caller left first. */
  readonly captured: Captured | null;
  /** When the caller left or cancelled, `performance.now()`. */
  readonly endedMs: number | null;
}

/** Sends a cell's request and does what its caller does. */
export async function askCell(matrix: MatrixWorld, cell: Cell): Promise<Outcome> {
  const { endpoint, fault } = cell;
  const controller = new AbortController();
  const asked = fetch(`${matrix.world.url}${endpoint.path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${matrix.world.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(endpoint.body(cell.id, promptOf(cell), cell.id)),
    signal: controller.signal,
  });
  if (fault.caller === undefined) return { captured: await capture(await asked), endedMs: null };
  if (fault.caller === 'cancels midway') return cancelMidway(matrix, await asked);
  const streaming = endpoint.streamed && fault.caller === 'leaves midway';
  const reader = streaming ? await readWords(await asked) : null;
  const gone = (reader ? reader.read() : asked).catch(() => null);
  if (!streaming && cell.provider in UPSTREAM_MODELS) {
    const { sent } = await matrix.seen(cell);
    await sent;
  }
  // What was sent last must have been read, or there would be two things to tell apart.
  await new Promise((resolve) => setTimeout(resolve, 20));
  const endedMs = performance.now();
  controller.abort();
  await gone;
  return { captured: null, endedMs };
}

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read'>;

/** Reads until the first words have come. */
async function readWords(response: Response, body: string[] = []): Promise<Reader> {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error('there is no body');
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended early: ${response.status} ${body.join('')}`);
    body.push(decoder.decode(value));
    if (/beta|demo/.test(body.join(''))) return reader;
  }
}

async function cancelMidway({ world }: MatrixWorld, response: Response): Promise<Outcome> {
  const body: string[] = [];
  const reader = await readWords(response, body);
  const id = response.headers.get('x-request-id') ?? '';
  const endedMs = performance.now();
  const cancelled = await fetch(`${world.url}/v1/generations/${id}/cancel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.key}` },
  });
  await cancelled.text();
  const decoder = new TextDecoder();
  for (let read = await reader.read(); !read.done; read = await reader.read()) body.push(decoder.decode(read.value));
  return { captured: { status: response.status, headers: response.headers, body: body.join('') }, endedMs };
}

export async function capture(response: Response): Promise<Captured> {
  return { status: response.status, headers: response.headers, body: await response.text() };
}
