import { Tabs } from '@mantine/core';
import { useTexts } from '../../../console/locales/language.tsx';
import { CodeBlock } from '../../../console/ui/code-block.tsx';
import { landingTexts } from './landing-texts.ts';

/** By the names they have in every language. */
const LANGUAGES = { shell: 'Shell', python: 'Python', javascript: 'JavaScript' } as const;
const IDS = ['shell', 'python', 'javascript'] as const;

/** How a program asks, with the address of this very service. */
export function FirstRequest({ model }: { readonly model: string }) {
  const t = useTexts(landingTexts);
  const base = `${window.location.origin}/v1`;
  const code = snippets(base, model, t('question'));
  return (
    <section className="panel landing-code" aria-label={t('first_request')}>
      <Tabs defaultValue="shell" variant="default">
        <Tabs.List aria-label={t('first_request')}>
          {IDS.map((language) => (
            <Tabs.Tab key={language} value={language}>
              {LANGUAGES[language]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {IDS.map((language) => (
          <Tabs.Panel key={language} value={language} pt="md">
            <CodeBlock code={code[language]} label={`${t('first_request')}, ${LANGUAGES[language]}`} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}

function snippets(base: string, model: string, question: string) {
  return {
    shell: `curl ${base}/chat/completions \\
  -H "Authorization: Bearer $CANDOR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "messages": [
      {"role": "user", "content": "${question}"}
    ]
  }'`,
    python: `from openai import OpenAI

client = OpenAI(
    base_url="${base}",
    api_key="...",
)
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${question}"}],
)
print(answer.choices[0].message.content)`,
    javascript: `import OpenAI from 'openai';

const client = new OpenAI({
  baseURL: '${base}',
  apiKey: process.env.CANDOR_KEY,
});
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: '${question}' }],
});
console.log(answer.choices[0].message.content);`,
  };
}
