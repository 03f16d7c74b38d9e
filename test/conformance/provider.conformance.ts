import { describeAnswers } from './provider-answers.ts';
import { describeContract } from './provider-contract.ts';
import { describeFaults } from './provider-faults.ts';
import type { ProviderSubject, WireSubject } from './provider-subject.ts';
import { startUpstream } from '../world/upstream.ts';
import { play, textScript } from '../world/upstream-script.ts';

/** Every case for every provider: the contract for all, the wire and its faults for those that have an upstream. */
export function describeProviders(plain: readonly ProviderSubject[], wired: readonly WireSubject[]): void {
  for (const subject of plain) describeContract(subject);
  for (const subject of wired) {
    describeContract(healthy(subject));
    describeAnswers(subject);
    describeFaults(subject);
  }
}

/** A provider with an upstream, as one of those the contract is asked of: its fake answers at a gentle pace. */
function healthy({ name, dialect, upstreamModel, create }: WireSubject): ProviderSubject {
  return {
    name,
    upstreamModel,
    async create() {
      const script = textScript(['one', ' two', ' three', ' four', ' five']);
      const upstream = await startUpstream({
        behaviour: (exchange) =>
          exchange.request.path.includes('mbed')
            ? exchange.send(200, {}, dialect.embeddings?.([[1], [2], [3]], 3) ?? {})
            : play(dialect, script, { gapMs: 10 })(exchange),
      });
      const provider = create(dialect.baseUrl(upstream.url));
      return { ...provider, close: () => upstream.close() };
    },
  };
}
