/** Languages the console speaks; every text exists in each. */
export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What `Intl` and the `lang` attribute call them. */
export const LOCALE_OF: Readonly<Record<Language, string>> = { en: 'en-US', zh: 'zh-CN' };

/** Each language by its own name, so that who cannot read the others finds it. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', zh: '简体中文' };

/** The texts of one part of the console: ICU messages by key, in each language. */
export type Texts<Key extends string> = Readonly<Record<Language, Readonly<Record<Key, string>>>>;

/** Texts as they are written beside a page: a key missing or left over in Chinese does not compile. */
export function defineTexts<const English extends Readonly<Record<string, string>>>(texts: {
  readonly en: English;
  readonly zh: Readonly<Record<NoInfer<keyof English & string>, string>>;
}): Texts<keyof English & string> {
  return texts;
}
