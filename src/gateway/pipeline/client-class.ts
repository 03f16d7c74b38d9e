/** What a caller's software says it is, in a few words: for telling traffic apart, never for trusting it. */
const MARKS: readonly (readonly [mark: string, name: string])[] = [
  ['ai-sdk', 'ai-sdk'],
  ['openai/js', 'openai-node'],
  ['openai/python', 'openai-python'],
  ['asyncopenai/python', 'openai-python'],
  ['anthropic/js', 'anthropic-node'],
  ['anthropic/python', 'anthropic-python'],
  ['langchain', 'langchain'],
  ['litellm', 'litellm'],
  ['curl/', 'curl'],
  ['mozilla/', 'browser'],
  ['python-requests', 'python'],
  ['python-httpx', 'python'],
  ['aiohttp', 'python'],
  ['go-http-client', 'go'],
  ['okhttp', 'java'],
  ['java/', 'java'],
  ['node', 'node'],
  ['undici', 'node'],
  ['bun/', 'bun'],
];

export function clientClass(headers: Headers): string {
  const agent = headers.get('user-agent');
  if (!agent) return 'none';
  const lower = agent.slice(0, 256).toLowerCase();
  for (const [mark, name] of MARKS) {
    if (lower.includes(mark)) return name;
  }
  return 'other';
}
