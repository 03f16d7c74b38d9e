/** The part of node-llama-cpp 3.22 that Candor uses. The package is optional, so its own types cannot be imported. */
export interface LlamaModule {
  getLlama(options: {
    readonly gpu: 'auto';
    readonly build: 'never';
    readonly skipDownload: true;
    readonly progressLogs: false;
    readonly logger: () => void;
  }): Promise<Llama>;
  resolveChatWrapper(model: LlamaModel): ChatWrapper;
  readonly LlamaChat: new (options: {
    readonly contextSequence: LlamaSequence;
    readonly chatWrapper: ChatWrapper;
  }) => LlamaChat;
}

export type LlamaGrammar = { readonly _kind?: 'grammar' };

export interface Llama {
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string }): Promise<LlamaModel>;
  getGrammarFor(type: 'json'): Promise<LlamaGrammar>;
  createGrammarForJsonSchema(schema: GrammarSchema): Promise<LlamaGrammar>;
}

/** JSON Schema as far as the library's grammars take it; made by `grammar-schema.ts`. */
export interface GrammarSchema {
  readonly [keyword: string]: unknown;
}

export interface LlamaModel {
  readonly tokenizer: unknown;
  createContext(options: {
    readonly contextSize: number;
    readonly sequences: number;
    readonly threads: number;
  }): Promise<{ readonly contextSize: number; getSequence(): LlamaSequence }>;
  createEmbeddingContext(options: {
    readonly contextSize: number;
    readonly threads: number;
  }): Promise<EmbeddingContext>;
}

export interface EmbeddingContext {
  calculateInputLength(input: string): number;
  getEmbeddingFor(input: string): Promise<{ readonly vector: readonly number[] }>;
}

export interface LlamaSequence {
  readonly contextSize: number;
  readonly tokenMeter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
  clearHistory(): Promise<void>;
}

export type HistoryItem =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly (string | HistoryCall)[] };

export interface HistoryCall {
  readonly type: 'functionCall';
  readonly name: string;
  readonly params: unknown;
  readonly result: unknown;
}

export type Functions = Readonly<Record<string, { readonly description?: string; readonly params: GrammarSchema }>>;

export interface ChatWrapper {
  generateContextState(options: {
    readonly chatHistory: readonly HistoryItem[];
    readonly availableFunctions?: Functions;
  }): {
    readonly contextText: { tokenize(tokenizer: unknown): { readonly length: number } };
  };
}

export interface ResponseChunk {
  readonly type: 'segment' | undefined;
  readonly text: string;
  readonly tokens: { readonly length: number };
}

export interface GenerateOptions {
  readonly signal: AbortSignal;
  readonly stopOnAbortSignal: true;
  readonly maxTokens: number;
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly seed: number;
  readonly customStopTriggers: readonly string[];
  readonly repeatPenalty:
    | false
    | { readonly penalty: number; readonly presencePenalty: number; readonly frequencyPenalty: number };
  readonly contextShift: { readonly strategy: () => never };
  readonly onResponseChunk: (chunk: ResponseChunk) => void;
  readonly grammar?: LlamaGrammar;
  readonly functions?: Functions;
}

export interface GenerateResult {
  readonly functionCalls?: readonly { readonly functionName: string; readonly params: unknown }[];
  readonly metadata: {
    readonly stopReason:
      | 'eogToken'
      | 'stopGenerationTrigger'
      | 'functionCalls'
      | 'maxTokens'
      | 'abort'
      | 'customStopTrigger';
    readonly customStopTrigger?: readonly (string | number)[];
  };
}

export interface LlamaChat {
  generateResponse(history: readonly HistoryItem[], options: GenerateOptions): Promise<GenerateResult>;
  dispose(options: { readonly disposeSequence: false }): void;
}
