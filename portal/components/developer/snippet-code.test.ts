import { expect, test } from 'bun:test';
import { execFileSync } from 'node:child_process';
import { curlOf, nodeOf, pythonOf } from './snippet-code.ts';

const PARTS = {
  baseUrl: 'https://api.example.com/v1',
  key: 'cd_live_00000000_secret',
  model: 'it\'s "quoted" $HOME',
  prompt: '用一句话打个招呼：it\'s `me` "$(id)" \\n',
};
const BODY = { model: PARTS.model, messages: [{ role: 'user', content: PARTS.prompt }] };

test('a shell reads the example for curl as it was meant, whatever stands in it', () => {
  const show = 'for part in "$@"; do printf "%s\\0" "$part"; done';
  const script = `curl() { ${show}; }\n${curlOf(PARTS)}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
  expect(words[0]).toBe('https://api.example.com/v1/chat/completions');
  expect(words).toContain(`Authorization: Bearer ${PARTS.key}`);
  expect(JSON.parse(words[words.indexOf('-d') + 1] ?? '')).toEqual(BODY);
});

test('JavaScript reads its example as it was meant', () => {
  const body = nodeOf(PARTS).split('\n').slice(2).join('\n').replace('await ', '');
  const asked: unknown[] = [];
  class OpenAI {
    readonly chat = {
      completions: { create: (request: unknown) => (asked.push(request), { choices: [{ message: {} }] }) },
    };
    constructor(options: unknown) {
      asked.push(options);
    }
  }
  // oxlint-disable-next-line typescript/no-implied-eval -- what people copy is run as they would run it
  new Function('OpenAI', 'console', body)(OpenAI, { log: () => undefined });
  expect(asked).toEqual([{ baseURL: PARTS.baseUrl, apiKey: PARTS.key }, BODY]);
});

test('the example for Python names key, address, model and prompt as literals', () => {
  expect(pythonOf({ ...PARTS, model: 'small', prompt: 'Hello' })).toBe(
    [
      'from openai import OpenAI',
      '',
      'client = OpenAI(base_url="https://api.example.com/v1", api_key="cd_live_00000000_secret")',
      'answer = client.chat.completions.create(',
      '    model="small",',
      '    messages=[{"role": "user", "content": "Hello"}],',
      ')',
      'print(answer.choices[0].message.content)',
    ].join('\n'),
  );
});
