import type { DemoApp } from './apps.ts';
import { asksOf } from './asks.ts';
import type { Seeded } from './seeded.ts';
import type { ReadyCaller } from './setup.ts';

/** One request as it leaves a caller's machine. */
export interface DemoCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Where it comes from. */
  readonly address: string;
  /** The app that really sends it; null where it is none. */
  readonly app: DemoApp | null;
}

/** What this caller asks next. */
export function callOf(caller: ReadyCaller, seeded: Seeded): DemoCall {
  const app = seeded.pick(caller.apps);
  const sent = app.send(seeded);
  const user = caller.endUsers === 0 ? {} : { user: `user-${seeded.int(1, caller.endUsers)}` };
  const body = {
    model: seeded.weighted(caller.models),
    stream: seeded.chance(caller.streamedShare),
    messages: [
      { role: 'system', content: sent.system },
      { role: 'user', content: seeded.pick(asksOf(app.language, caller.asks)) },
    ],
    ...(sent.tools.length > 0 && { tools: sent.tools.map(toolOf) }),
    ...user,
  };
  return {
    path: '/v1/chat/completions',
    headers: headersOf(caller.keyText, seeded.pick(caller.clients), app.language),
    body,
    address: `${seeded.pick(caller.networks)}.${seeded.int(1, 254)}`,
    app,
  };
}

const KEY_CHARACTERS = Array.from('abcdefghjkmnpqrstvwxyz23456789');

/** Something said in so many words, beside what an app asks for people. */
export function sayOf(
  caller: ReadyCaller,
  {
    text,
    language,
    endUser,
  }: { readonly text: string; readonly language: 'en' | 'zh'; readonly endUser: string | null },
  seeded: Seeded,
): DemoCall {
  const body = {
    model: 'swift',
    messages: [{ role: 'user', content: text }],
    ...(endUser !== null && { user: endUser }),
  };
  return {
    path: '/v1/chat/completions',
    headers: headersOf(caller.keyText, seeded.pick(caller.clients), language),
    body,
    address: `${seeded.pick(caller.networks)}.${seeded.int(1, 254)}`,
    app: null,
  };
}

/** Somebody who tries keys they do not have. */
export function scanOf(seeded: Seeded): DemoCall {
  const guess = `cd_live_${Array.from({ length: 24 }, () => seeded.pick(KEY_CHARACTERS)).join('')}`;
  return {
    path: '/v1/chat/completions',
    headers: headersOf(guess, 'python-requests/2.32.5', 'en'),
    body: { model: 'sage', messages: [{ role: 'user', content: 'hi' }] },
    address: `192.0.2.${seeded.int(1, 254)}`,
    app: null,
  };
}

function headersOf(key: string, client: string, language: DemoApp['language']): Record<string, string> {
  return {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'user-agent': client,
    'accept-language': language,
  };
}

function toolOf(name: string) {
  return { type: 'function', function: { name, parameters: { type: 'object', properties: {} } } };
}
