/** A Candor whose replies come from a script and whose prompts and replies are judged by a list of made-up words. */
import { systemClock } from '../../src/base/clock.ts';
import { canonicalise } from '../../src/moderation/normalise/canonicalise.ts';
import type { DeclaredUse, PolicyDocument } from '../../src/moderation/policy/contract.ts';
import type { Reviewer } from '../../src/moderation/review/contract.ts';
import { createReviewer } from '../../src/moderation/review/reviewer.ts';
import type { Stages } from '../../src/moderation/stage.ts';
import type { SqlValue } from '../../src/storage/sql/writer.ts';
import { startCandor, type World, type WorldOptions } from './candor.ts';
import { policy } from './policies.ts';
import { type Behaviour, type FakeUpstream, startUpstream } from './upstream.ts';
import { openAiDialect } from './upstream-openai.ts';
import { play, textScript } from './upstream-script.ts';
import { slowStage, wordNgram, type Behaviour as StageBehaviour } from './word-stages.ts';

export interface ModeratedWorld {
  readonly world: World;
  readonly upstream: FakeUpstream;
  /** By what everything is judged from now on; null by nothing. */
  judgeBy(document: PolicyDocument | null, uses?: readonly DeclaredUse[]): void;
  /** How the encoder and the guard behave from now on. */
  stagesBehave(behaviour: StageBehaviour): void;
  /** What the upstream says from now on, a piece for each frame. */
  says(pieces: readonly string[], gapMs?: number): void;
  behaves(behaviour: Behaviour): void;
  ask(path: Path, content: string, more?: Asked): Promise<Response>;
  records(): Promise<Record<string, SqlValue>[]>;
  /** The newest event, once there are so many. */
  lastEvent(count: number): Promise<Record<string, SqlValue>>;
  close(): Promise<void>;
}

export const PATHS = ['chat/completions', 'responses', 'messages'] as const;
export type Path = (typeof PATHS)[number] | 'embeddings';

export interface Asked {
  readonly stream?: boolean;
  readonly body?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

type Tables = { moderation_record: Record<string, SqlValue> & { request_id: string } };

export async function startModerated(
  yaml = '',
  reviewer?: Reviewer,
  held: Pick<WorldOptions, 'enforcement' | 'redress' | 'upstreamNotice' | 'reports'> = {},
  /** Lines of `models` beside the model `m`. */
  models = '',
): Promise<ModeratedWorld> {
  let behaviour: Behaviour = play(openAiDialect, textScript(['fine']));
  let stages: StageBehaviour = 'well';
  let document: PolicyDocument | null = policy();
  let uses: readonly DeclaredUse[] = [];
  const upstream = await startUpstream({ behaviour: (exchange) => behaviour(exchange) });
  const slow = slowStage(() => stages).stage;
  const all: Stages = { ngram: wordNgram(), encoder: slow, guards: new Map([['guard', slow]]) };
  const breathe = () => new Promise<void>((resolve) => setImmediate(resolve));
  const world = await startCandor({
    yaml: `
providers:
  up: { kind: openai, base_url: '${openAiDialect.baseUrl(upstream.url)}' }
  knows: { kind: openai, base_url: '${openAiDialect.baseUrl(upstream.url)}', safety_identifier: true }
models:
  m: { targets: [{ provider: up, upstream_model: m }] }${models}
routing: { attempts_max: 1 }
${yaml}`,
    moderation: {
      reviewer: reviewer ?? createReviewer({ stages: all, canonicalise, clock: systemClock, breathe }),
      policyFor: () => document && { policy: { version: 3, document }, uses },
    },
    ...held,
  });
  return {
    world,
    upstream,
    judgeBy(next, declared = []) {
      document = next;
      uses = declared;
    },
    stagesBehave(next) {
      stages = next;
    },
    says(pieces, gapMs = 0) {
      behaviour = play(openAiDialect, textScript(pieces), { gapMs });
    },
    behaves(next) {
      behaviour = next;
    },
    ask(path, content, { stream = false, body = {}, headers = {}, signal } = {}) {
      return fetch(`${world.url}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${world.key}`, ...headers },
        body: JSON.stringify({ model: 'm', ...bodyOf(path, content, stream), ...body }),
        ...(signal && { signal }),
      });
    },
    records: () =>
      world.app.storage.reader
        .withTables<Tables>()
        .selectFrom('moderation_record')
        .selectAll()
        .orderBy('request_id')
        .orderBy('subject')
        .execute(),
    async lastEvent(count) {
      const event = (await world.eventsOnce(count)).at(-1);
      if (!event) throw new Error('no event');
      return event;
    },
    async close() {
      await world.close();
      await upstream.close();
    },
  };
}

function bodyOf(path: Path, content: string, stream: boolean): Record<string, unknown> {
  if (path === 'embeddings') return { input: content };
  if (path === 'responses') return { input: content, stream };
  const messages = [{ role: 'user', content }];
  return path === 'messages' ? { messages, stream, max_tokens: 200 } : { messages, stream };
}
