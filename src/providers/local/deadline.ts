import { type Attempt, ProviderFault, type ProviderFaultKind } from '../provider.ts';

/**
 * Waits for `work`, but no longer than the attempt allows: throws the signal's reason as soon as it aborts, and the
 * named fault when `limitMs` or the whole attempt's time is over.
 */
export async function within<Value>(
  work: Promise<Value>,
  { signal, timeouts }: Attempt,
  elapsedMs: number,
  limit: { readonly ms: number; readonly fault: ProviderFaultKind },
): Promise<Value> {
  const leftMs = timeouts.totalMs - elapsedMs;
  const kind = limit.ms <= leftMs ? limit.fault : 'total_timeout';
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  const timer = setTimeout(
    () => reject(new ProviderFault(kind, 'the local model took too long')),
    Math.max(0, Math.min(limit.ms, leftMs)),
  );
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, cut]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
