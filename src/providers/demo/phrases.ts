/** What the demo provider can say, in the language it was asked in. */
export interface Phrases {
  readonly notice: string;
  readonly counts: (messages: number, characters: number) => string;
  readonly images: (images: number) => string;
  readonly toolResults: (results: number, characters: number) => string;
  readonly filler: readonly string[];
  readonly thoughts: readonly string[];
  /** Between two sentences. */
  readonly gap: string;
}

const english: Phrases = {
  notice: "This is Candor's demo provider; no model was asked.",
  counts: (messages, characters) =>
    `You sent ${messages} ${messages === 1 ? 'message' : 'messages'}, and the last one has ${characters} characters.`,
  images: (images) => `It came with ${images} ${images === 1 ? 'image' : 'images'}.`,
  toolResults: (results, characters) =>
    `${results === 1 ? 'The tool' : `The ${results} tools`} answered with ${characters} characters.`,
  filler: [
    'Name a provider in the configuration and real answers take the place of this text.',
    'Every word here is made from your request alone, so the same request gets the same answer.',
    'Streaming, tools, structured output and embeddings all work with this provider.',
    'Its usage record is written exactly as a real one would be.',
    'Nothing you wrote has left this machine.',
    'The sentences are chosen by a hash of what you asked.',
    'Ask for a number of words and the answer will have that many.',
    'Mention the name of a tool and this provider calls it.',
    'It is quick, it costs nothing, and it never has an opinion.',
    'Use it to try limits, keys and clients before any upstream is involved.',
  ],
  thoughts: [
    'The question was read from beginning to end.',
    'There is no model here, so there is nothing to weigh.',
    'A sentence has to be chosen, and the hash of the request chooses it.',
    'The answer should say first that it is a demonstration.',
    'Counting the messages is the most useful thing left to do.',
  ],
  gap: ' ',
};

const chinese: Phrases = {
  notice: '这是 Candor 的演示提供商，没有调用任何模型。',
  counts: (messages, characters) => `您发送了 ${messages} 条消息，最后一条有 ${characters} 个字符。`,
  images: (images) => `其中附有 ${images} 张图片。`,
  toolResults: (results, characters) => `${results} 个工具返回了 ${characters} 个字符。`,
  filler: [
    '在配置中写上一个提供方，这段文字就会换成真正的回答。',
    '这里的每个字都只由您的请求生成，同样的请求得到同样的回答。',
    '流式输出、工具、结构化输出和向量都可以用它来试。',
    '它的用量记录和真实模型的写法完全一样。',
    '您写的内容没有离开这台机器。',
    '这些句子由请求的哈希值选出。',
    '说明需要多少字，回答就会有多长。',
    '提到某个工具的名字，它就会调用那个工具。',
    '它很快，不花钱，也从不发表意见。',
    '接入上游之前，可以先用它来试限额、密钥和客户端。',
  ],
  thoughts: [
    '问题已经从头到尾读过一遍。',
    '这里没有模型，所以没有什么需要权衡。',
    '总要选一句话，由请求的哈希值来选。',
    '回答应当先说明这是演示。',
    '剩下最有用的事，就是数一数消息。',
  ],
  gap: '',
};

const IDEOGRAPH = /\p{Script=Han}/u;

export function phrasesFor(text: string): Phrases {
  return IDEOGRAPH.test(text) ? chinese : english;
}

/** A text cut into what the demo provider counts as its tokens: words with the space before them, or two ideographs. */
export function piecesOf(text: string): readonly string[] {
  const known = sentencePieces.get(text);
  return known ?? cut(text);
}

function cut(text: string): readonly string[] {
  return text.match(/\s*\p{Script=Han}{1,2}|\s*[^\s\p{Script=Han}]{1,12}|\s+/gu) ?? [];
}

/** Fixed sentences are cut once, since load tests ask for little else. */
const sentencePieces: ReadonlyMap<string, readonly string[]> = new Map(
  [english, chinese].flatMap(({ notice, filler, thoughts, gap }) => [
    [notice, cut(notice)] as const,
    ...[...filler, ...thoughts].flatMap((text) => [[text, cut(text)] as const, [gap + text, cut(gap + text)] as const]),
  ]),
);
