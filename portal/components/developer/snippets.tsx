import { Tabs } from '@mantine/core';
import { useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { curlOf, nodeOf, pythonOf, type SnippetParts } from './snippet-code.ts';
import { snippetTexts } from './snippet-texts.ts';

/** What stands in an example where the key is not at hand. */
export const KEY_PLACE = 'YOUR_KEY';

/** A first request with this key, in the ways people send one. */
export function Snippets({ apiKey, model }: { readonly apiKey: string; readonly model: string }) {
  const t = useTexts(snippetTexts);
  const parts: SnippetParts = { baseUrl: `${window.location.origin}/v1`, key: apiKey, model, prompt: t('say_hello') };
  return (
    <Tabs defaultValue="curl" keepMounted={false}>
      <Tabs.List aria-label={t('language')}>
        <Tabs.Tab value="curl">curl</Tabs.Tab>
        <Tabs.Tab value="python">Python</Tabs.Tab>
        <Tabs.Tab value="node">JavaScript</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="curl" pt="xs">
        <CodeBlock code={curlOf(parts)} label="curl" />
      </Tabs.Panel>
      <Tabs.Panel value="python" pt="xs">
        <CodeBlock code={pythonOf(parts)} label="Python" />
        <p className="dimmed snippet-note">{t('python_install')}</p>
      </Tabs.Panel>
      <Tabs.Panel value="node" pt="xs">
        <CodeBlock code={nodeOf(parts)} label="JavaScript" />
        <p className="dimmed snippet-note">{t('node_install')}</p>
      </Tabs.Panel>
    </Tabs>
  );
}
