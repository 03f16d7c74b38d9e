/** What an example is filled with. */
export interface SnippetParts {
  /** With its `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
}

/** For a POSIX shell: nothing in it is read by the shell, an apostrophe included. */
export function curlOf({ baseUrl, key, model, prompt }: SnippetParts): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: prompt }] });
  return [
    `curl ${quoted(`${baseUrl}/chat/completions`)} \\`,
    `  -H ${quoted(`Authorization: Bearer ${key}`)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(body)}`,
  ].join('\n');
}

export function pythonOf({ baseUrl, key, model, prompt }: SnippetParts): string {
  return [
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${text(baseUrl)}, api_key=${text(key)})`,
    'answer = client.chat.completions.create(',
    `    model=${text(model)},`,
    `    messages=[{"role": "user", "content": ${text(prompt)}}],`,
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}

export function nodeOf({ baseUrl, key, model, prompt }: SnippetParts): string {
  return [
    "import OpenAI from 'openai';",
    '',
    `const client = new OpenAI({ baseURL: ${text(baseUrl)}, apiKey: ${text(key)} });`,
    'const answer = await client.chat.completions.create({',
    `  model: ${text(model)},`,
    `  messages: [{ role: 'user', content: ${text(prompt)} }],`,
    '});',
    'console.log(answer.choices[0].message.content);',
  ].join('\n');
}

/** JSON is a literal of both languages. */
function text(value: string): string {
  return JSON.stringify(value);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
