/** How large an expression may be and how far it may look; characters are UTF-16 units. */
export interface Limits {
  readonly sourceCharacters: number;
  /** Of the tree, its root counted as 1; brackets in brackets count too. */
  readonly depth: number;
  readonly nodes: number;
  /** Elements of a list or entries of a map, written down or walked over by a macro. */
  readonly listItems: number;
  readonly stringCharacters: number;
  readonly patternCharacters: number;
  /** Of a text that is searched: what is longer is `unknown`, for it was not looked at. */
  readonly textCharacters: number;
  /** Of all texts that are searched for one answer together; what comes after is `unknown`. */
  readonly searchedCharacters: number;
  /** Macros within macros; 1 is a macro with none inside. */
  readonly macroDepth: number;
}

/** Of every rule. */
export const RULE_LIMITS: Limits = {
  sourceCharacters: 4_000,
  depth: 32,
  nodes: 200,
  listItems: 256,
  stringCharacters: 1_000,
  patternCharacters: 500,
  textCharacters: 10_000,
  searchedCharacters: 100_000,
  macroDepth: 1,
};

/** What is left to search for the answer that is being worked out: a pattern inside a macro is asked many times. */
export interface Allowance {
  characters: number;
}
