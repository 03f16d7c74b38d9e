/** Case 38: policies, templates and wording are data. Nothing written in them is ever run. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { policyDocument } from '../../src/moderation/policy/contract.ts';
import { type ModeratedWorld, startModerated } from '../world/moderated.ts';
import { createHeldPath } from '../world/path-enforcement.ts';
import { policy } from '../world/policies.ts';

const ROOT = join(import.meta.dir, '../..');
/** What runs a text as a program, in any of its spellings. `import()` of a name that is not written there is one. */
const RUNS_TEXT = [
  /\beval\s*\(/,
  /\bnew\s+Function\b/,
  /\bFunction\s*\(\s*['"`]/,
  /node:vm\b|from 'vm'/,
  /\bset(?:Timeout|Interval)\s*\(\s*['"`]/,
  /\.constructor\s*\(\s*['"`]/,
  /\bimport\s*\(\s*[^'"\s)]/,
];

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

/** The model library, from the folder the configuration names. */
const LOADS_BY_NAME = new Set(['src/providers/local/child/main.ts']);

test('case 38: no source runs a text', () => {
  const files = ['src', 'console', 'portal'].flatMap(sources);
  expect(files.length).toBeGreaterThan(500);
  const found = files
    .filter((file) => !LOADS_BY_NAME.has(file))
    .flatMap((file) => {
      const code = readFileSync(join(ROOT, file), 'utf8').replace(/^\s*(?:\*|\/\/|\/\*).*$/gm, '');
      return RUNS_TEXT.filter((pattern) => pattern.test(code)).map((pattern) => `${file}: ${pattern.source}`);
    });
  expect(found).toEqual([]);
});

describe('case 38: code in a policy', () => {
  let moderated: ModeratedWorld;
  beforeAll(async () => {
    moderated = await startModerated('', undefined, { enforcement: createHeldPath().path });
  });
  afterAll(() => moderated.close());

  const CODE = [
    "{{constructor.constructor('globalThis.pwned = 1')()}}",
    '${globalThis.pwned = 1}',
    "<%= process.env['HOME'] %>",
    '{{ self.__init__.__globals__ }}',
    '$&$1$`',
    '{message}{limit}{param}',
  ];

  test.each(CODE)('%s is shown as it is written, and goes upstream as it is written', async (code) => {
    const texts = { hate: { en: `No. ${code}`, zh: `不行。${code}` } };
    const document = { ...policy(), preamble: `Be careful. ${code}`, texts, contest: { en: code, zh: code } };
    moderated.judgeBy(policyDocument.parse(document));
    const refused = await moderated.ask('chat/completions', 'the grobblet');
    const said = await refused.text();
    expect(said).toContain(JSON.stringify(code));
    const embedded = await moderated.ask('embeddings', 'the grobblet');
    const { error } = JSON.parse(await embedded.text()) as { error: { message: string } };
    expect(error.message).toContain(`No. ${code}`);
    const before = moderated.upstream.requests.length;
    await (await moderated.ask('chat/completions', 'a dappling')).text();
    expect(JSON.stringify(moderated.upstream.requests[before]?.body)).toContain(JSON.stringify(code).slice(1, -1));
    expect('pwned' in globalThis).toBe(false);
  });

  test('names of rules and labels are of a list, whatever they are called', () => {
    for (const label of ['__proto__', 'constructor', 'toString', "hate'); drop table--"]) {
      const rules = [{ label, at: 0.5, action: 'refuse', except: [] }];
      const document = { ...policy(), prompt: { ...policy().prompt, rules } };
      expect(policyDocument.safeParse(document).success).toBe(false);
    }
    const polluted = JSON.parse(JSON.stringify(policy()).replace('{', '{"__proto__":{"dry_run":true},')) as object;
    expect(policyDocument.safeParse(polluted).data?.dry_run ?? false).toBe(false);
  });
});
