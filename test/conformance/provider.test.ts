import { expect, test } from 'bun:test';
import { createProvider } from '../../src/providers/index.ts';
import { describeProviders } from './provider.conformance.ts';
import { WIRE_SUBJECTS } from './provider-subject.ts';

const DEMO = {
  name: 'demo',
  upstreamModel: 'demo',
  create: () => createProvider({ kind: 'demo', tokensPerSecond: 500 }),
};

test('every wire format we speak has a subject', () => {
  expect(WIRE_SUBJECTS.map((subject) => subject.name)).toEqual(['openai', 'anthropic', 'gemini']);
});

describeProviders([DEMO], WIRE_SUBJECTS);
