/**
 * A text that people read on one line: something is written there, no control character, nothing that breaks the line or
 * turns its direction, and no half of a surrogate pair, which no database gives back as it was.
 */
export const ONE_LINE = /^(?!\s*$)[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+$/u;
