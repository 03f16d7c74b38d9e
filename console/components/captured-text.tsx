import { useTexts } from '../locales/language.tsx';
import { StatusText } from '../ui/status.tsx';
import './content.css';
import { contentTexts } from './content-texts.ts';

interface CapturedTextProps {
  readonly content: { readonly prompt: string; readonly reply: string; readonly truncated: boolean };
  readonly hidden: boolean;
}

/** Strangers wrote this: it is put into the page as text and as nothing else. */
export function CapturedText({ content, hidden }: CapturedTextProps) {
  const t = useTexts(contentTexts);
  return (
    <>
      {content.truncated ? <StatusText status="warn">{t('truncated')}</StatusText> : null}
      {(['prompt', 'reply'] as const).map((part) => (
        <section key={part} aria-label={t(part)}>
          <h3 className="section-title">{t(part)}</h3>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <pre
            className="event-content"
            tabIndex={0}
            dir="ltr"
            data-blurred={hidden}
            aria-hidden={hidden}
            inert={hidden}
          >
            {readable(content[part])}
          </pre>
        </section>
      ))}
    </>
  );
}

/** JSON with a line for each field; anything else as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
