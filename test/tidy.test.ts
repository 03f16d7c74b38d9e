import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { checkBrowser } from './tidy/console-imports.ts';
import { RULES, staleExceptions } from './tidy/rules.ts';
import { createSource, readSources } from './tidy/source.ts';

/** Snippets each rule must refuse, so that a rule that stopped working fails here. */
const PLANTED: Readonly<Record<string, readonly (readonly [path: string, text: string])[]>> = {
  imports: [
    ['src/metering/x.ts', "import { a } from '../gateway/index.ts';"],
    ['src/gateway/x.ts', "import { a } from '../providers/demo/demo.ts';"],
    ['src/gateway/x.ts', "import type {\n  A,\n} from '../app/compose.ts';"],
    ['src/base/x.ts', "export const a = await import('../config/config.ts');"],
    ['src/telemetry/x.ts', "import '../storage/sql/writer.ts';"],
    ['src/cli/x.ts', "import { a } from '../accounts/index.ts';"],
    ['src/accounts/x.ts', "import { a } from '../providers/index.ts';"],
    ['src/app/x.ts', "import { a } from '../../test/tidy/rules.ts';"],
  ],
  'console imports': [
    ['console/pages/keys/x.tsx', "import { a } from '../../../src/accounts/keys.ts';"],
    ['console/pages/keys/x.tsx', "import { a } from '../prices/y.tsx';"],
    ['console/ui/x.tsx', "import { a } from '../components/y.tsx';"],
    ['console/ui/x.tsx', "import { Link } from '@tanstack/react-router';"],
    ['console/api/x.ts', "import { readFileSync } from 'node:fs';"],
    ['console/pages/keys/x.tsx', "import { a } from '../../../portal/components/y.tsx';"],
    ['portal/pages/keys/x.tsx', "import { a } from '../../../console/api/session.tsx';"],
    ['portal/components/x.tsx', "import { a } from '../../console/pages/keys/y.tsx';"],
  ],
  folders: [['src/drawer/x.ts', '']],
  'file endings': [['src/base/x.ts', "import { a } from './y';"]],
  'runtime apis': [
    ['src/http/x.ts', 'const file = Bun.file(path);'],
    ['console/ui/x.tsx', 'const folder = import.meta.dir;'],
    ['src/storage/sql/x.ts', "import { Database } from 'bun:sqlite';"],
  ],
  environment: [
    ['src/gateway/x.ts', "const port = process.env['PORT'];"],
    ['console/api/x.ts', "const url = process.env['URL'];"],
  ],
  'outbound calls': [
    ['src/alerts/x.ts', 'const answer = await fetch(url);'],
    ['src/gateway/x.ts', "return fetch('https://example.com');"],
  ],
  'console calls': [
    ['console/pages/keys/x.tsx', "const answer = await fetch('/control/v1/keys');"],
    ['console/components/x.ts', "const stream = new EventSource('/control/v1/live');"],
  ],
  'file size': [
    ['src/base/x.ts', 'const a = 1;\n'.repeat(501)],
    ['console/pages/keys/x.tsx', 'const a = <b />;\n'.repeat(501)],
  ],
  any: [
    ['src/base/x.ts', 'let a: any;'],
    ['console/ui/x.tsx', 'function Line(props: any) {}'],
    ['src/base/x.ts', 'const a = b as any;'],
    ['src/base/x.ts', 'const a = new Map<string, any>();'],
  ],
  reasons: [
    ['src/base/x.ts', '// oxlint-disable-next-line no-console\nconsole.log(1);'],
    ['src/base/x.ts', '// @ts-ignore'],
    ['src/base/x.ts', '// @ts-expect-error'],
  ],
  doors: [
    ['src/gateway/openai/index.ts', 'export const a = 1;'],
    ['src/gateway/routing/pick.ts', "export { a } from './other.ts';"],
    ['src/gateway/routing/pick.ts', "export * from './other.ts';"],
    ['console/ui/index.tsx', 'export const a = 1;'],
    ['console/components/x.ts', "export { a } from '../ui/y.tsx';"],
  ],
  'default exports': [
    ['src/base/x.ts', 'export default function a() {}'],
    ['console/pages/keys/x.tsx', 'export default function Page() {}'],
    ['src/base/x.ts', 'export { a as default };'],
  ],
  names: [
    ['src/base/dateUtils.ts', ''],
    ['src/base/utils.ts', ''],
    ['src/gateway/helpers/x.ts', ''],
    ['src/base/string-helpers.ts', ''],
    ['console/ui/helpers.tsx', ''],
    ['console/pages/keys/KeysPage.tsx', ''],
  ],
  'tests expect': [
    ['src/base/x.test.ts', "test('runs', () => { run(); /* expect(1) */ });"],
    ['console/ui/x.test.tsx', "test('renders', () => { render(<a />); });"],
  ],
  'tests run': [['src/base/x.test.ts', "test.only('one', () => { expect(1).toBe(1); });"]],
  finished: [['src/base/x.ts', '// TODO: the rest']],
  'plain comments': [['src/base/x.ts', '// ---------- parsing ----------']],
};

/** Code that looks like an offence to a careless reader and is none. */
const INNOCENT: readonly (readonly [path: string, text: string])[] = [
  ['src/metering/x.ts', "import { a } from '../accounts/index.ts';\nimport { b } from '../storage/sql/writer.ts';"],
  ['src/cli/x.ts', "import { a } from '../accounts/contract.ts';\nimport { b } from '../config/load.ts';"],
  ['src/runtime/x.ts', "import { Database } from 'bun:sqlite';\nBun.serve({});"],
  ['src/base/x.ts', "// Bun.serve is faster; see import { a } from '../gateway/index.ts'\nconst a = 'as any';"],
  ['src/base/x.ts', 'const quote = /[\'"`]/;\nconst many: string = company(many);'],
  ['src/base/x.ts', "const text = `import x from '${name}' as any`;"],
  ['src/base/x.ts', '// oxlint-disable-next-line no-console -- this is the one writer of standard output\n'],
  ['console/pages/keys/x.tsx', "import { a } from '../../../src/accounts/contract.ts';\nimport '../../ui/y.css';"],
  ['portal/pages/keys/x.tsx', "import { a } from '../../../console/ui/y.tsx';"],
  ['src/gateway/index.ts', "export { run } from './pipeline/run.ts';"],
];

describe('house rules', () => {
  const sources = readSources(join(import.meta.dir, '..'));

  test('there is source to judge', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(50);
  });

  for (const rule of RULES) {
    test(rule.name, () => {
      const found = sources.flatMap((source) => rule.check(source).map((problem) => `${source.path}: ${problem}`));
      expect(found, rule.reason).toEqual([]);
    });
  }

  test('what the console loads runs in a browser', () => {
    expect(checkBrowser(sources)).toEqual([]);
  });

  test('the exceptions for long files still are exceptions', () => {
    expect(staleExceptions(sources)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  for (const rule of RULES) {
    test(`${rule.name}: refuses what is planted`, () => {
      const planted = PLANTED[rule.name] ?? [];
      expect(planted.length).toBeGreaterThan(0);
      for (const [path, text] of planted) {
        expect(rule.check(createSource(path, text)).length, `${path}: ${text.slice(0, 80)}`).toBeGreaterThan(0);
      }
    });
  }

  test('what the console loads: finds what no browser has, however far away', () => {
    const planted = [
      createSource('console/pages/keys/x.tsx', "import { a } from '../../../src/keys/contract.ts';"),
      createSource('src/keys/contract.ts', "import type { B } from './store.ts';\nimport { a } from '../base/a.ts';"),
      createSource('src/keys/store.ts', "import { readFileSync } from 'node:fs';"),
      createSource('src/base/a.ts', "import { isIP } from 'node:net';"),
    ];
    expect(checkBrowser(planted)).toEqual(['src/base/a.ts imports node:net, which no browser has']);
  });

  test('leave innocent code alone', () => {
    const found = INNOCENT.flatMap(([path, text]) =>
      RULES.flatMap((rule) =>
        rule.check(createSource(path, text)).map((problem) => `${rule.name}: ${problem}: ${text}`),
      ),
    );
    expect(found).toEqual([]);
  });
});
