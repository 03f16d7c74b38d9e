import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { collect, type GenerationEvent, type Provider } from '../../src/providers/index.ts';
import { attemptOf, eventsOf, type ProviderSubject, rejection, requestOf } from './provider-subject.ts';

/** What holds for every provider, with any upstream or none. */
export function describeContract(subject: ProviderSubject): void {
  describe(`${subject.name}: the contract of every provider`, () => {
    const slowMs = subject.slowMs ?? 5000;
    const timeouts = { connectMs: slowMs, firstTokenMs: slowMs, stallMs: slowMs, totalMs: slowMs };
    let provider: Provider;

    beforeAll(async () => {
      provider = await subject.create();
    });
    afterAll(async () => {
      await provider.close?.();
    });

    test('answers whole, with one finished choice', async () => {
      const answer = await provider.complete(requestOf('Say hello.'), attemptOf(subject.upstreamModel, { timeouts }));
      expect(answer.choices).toHaveLength(1);
      expect(answer.choices[0]?.index).toBe(0);
      expect(answer.choices[0]?.text?.length).toBeGreaterThan(0);
      expect(['stop', 'length']).toContain(answer.choices[0]?.finish ?? '');
    });

    test('streams: start first and once, no empty batch, text, one finish', async () => {
      const attempt = attemptOf(subject.upstreamModel, { timeouts });
      const events: GenerationEvent[] = [];
      for await (const batch of provider.stream(requestOf('Say hello.', { stream: true }), attempt)) {
        expect(batch.length).toBeGreaterThan(0);
        events.push(...batch);
      }
      expect(events[0]?.type).toBe('start');
      expect(events.filter((event) => event.type === 'start')).toHaveLength(1);
      expect(events.filter((event) => event.type === 'finish')).toHaveLength(1);
      expect(collect(events).choices[0]?.text?.length).toBeGreaterThan(0);
    });

    test('reports usage that adds up, or none', async () => {
      const attempt = attemptOf(subject.upstreamModel, { timeouts });
      const whole = await provider.complete(requestOf('Say hello.'), attempt);
      const streamed = collect(await eventsOf(provider.stream(requestOf('Say hello.', { stream: true }), attempt)));
      for (const usage of [whole.usage, streamed.usage]) {
        if (usage === null) continue;
        expect(usage.inputTokens).toBeGreaterThan(0);
        expect(usage.cachedInputTokens + usage.cacheWriteTokens).toBeLessThanOrEqual(usage.inputTokens);
        expect(usage.reasoningTokens).toBeLessThanOrEqual(usage.outputTokens);
      }
    });

    test('throws the reason of a signal that had aborted already', async () => {
      const reason = new Error('gone');
      const attempt = attemptOf(subject.upstreamModel, { timeouts, signal: AbortSignal.abort(reason) });
      expect(await rejection(provider.complete(requestOf('hi'), attempt))).toBe(reason);
      expect(await rejection(eventsOf(provider.stream(requestOf('hi', { stream: true }), attempt)))).toBe(reason);
    });

    test('throws the reason of a signal that aborts in the middle of a stream', async () => {
      const reason = new Error('gone');
      const controller = new AbortController();
      const attempt = attemptOf(subject.upstreamModel, { timeouts, signal: controller.signal });
      const request = requestOf('Count from one to one hundred in words.', { stream: true });
      const iterator = provider.stream(request, attempt)[Symbol.asyncIterator]();
      expect((await iterator.next()).done).toBe(false);
      controller.abort(reason);
      expect(await rejection(drained(iterator))).toBe(reason);
      expect((await iterator.next()).done).toBe(true);
    });

    test('stops when its iterator returns early', async () => {
      const request = requestOf('Count from one to one hundred in words.', { stream: true });
      for await (const batch of provider.stream(request, attemptOf(subject.upstreamModel, { timeouts }))) {
        expect(batch.length).toBeGreaterThan(0);
        break;
      }
    });

    test('embeds each input in order, or says that it cannot', async () => {
      const request = { model: 'alias', inputs: ['one', 'two', 'three'], unknownFields: {} };
      const attempt = attemptOf(subject.upstreamModel, { timeouts });
      if (!provider.abilities.embeddings) {
        expect(await rejection(provider.embed(request, attempt))).toMatchObject({
          name: 'ProviderFault',
          kind: 'rejected',
        });
        return;
      }
      const { vectors } = await provider.embed(request, attempt);
      expect(vectors).toHaveLength(3);
      expect(vectors[0]?.length).toBe(vectors[2]?.length);
    });
  });
}

async function drained(iterator: AsyncIterator<unknown>): Promise<void> {
  while (!(await iterator.next()).done);
}
