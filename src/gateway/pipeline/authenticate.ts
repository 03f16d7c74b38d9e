import type { ApiKey, KeyScope } from '../../accounts/index.ts';
import { keyAllowsNetwork } from '../../accounts/index.ts';
import { ok, refuse, type Result } from '../../base/result.ts';
import { type Refusal, refusal } from '../refusal.ts';
import type { Call } from './call.ts';
import type { PipelineDeps } from './deps.ts';
import type { Draft } from './draft.ts';
import { refuseFallen } from './stopped.ts';

/**
 * Who is asking: the key, wherever the caller's library puts it, is the same key with the same restrictions. The draft
 * names the key as soon as it is known, so that what it may not do is on its own record.
 */
export function authenticate(
  call: Call,
  draft: Draft,
  scope: KeyScope,
  deps: Pick<PipelineDeps, 'keys' | 'standing' | 'redress' | 'clock'>,
): Result<ApiKey, Refusal> {
  const { keys } = deps;
  const verified = keys.verify(presentedKey(call.request.headers));
  const key = verified.ok ? verified.value : verified.refusal.key;
  if (key) nameOwner(draft, key);
  if (!verified.ok) return refuse(refuseFallen(verified.refusal.reason, key, deps));
  if (!verified.value.scopes.includes(scope)) return refuse(refusal('key_scope', { scope }));
  if (!keyAllowsNetwork(verified.value, call.address)) return refuse(refusal('key_network'));
  keys.touch(verified.value.id);
  return ok(verified.value);
}

function nameOwner(draft: Draft, key: ApiKey): void {
  draft.key = key;
  draft.app = key.app;
  draft.appSource = key.app === null ? 'none' : 'declared';
}

function presentedKey(headers: Headers): string | null {
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    // Another scheme is another kind of credential: it is never read as a key.
    return /^bearer /i.test(authorization) ? authorization.slice('bearer '.length).trim() : '';
  }
  return headers.get('x-api-key') ?? headers.get('api-key');
}
