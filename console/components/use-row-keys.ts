import { useEffect, useRef } from 'react';

/** Holds the id of what a row shows, somewhere inside of it. */
export const ROW_MARK = 'data-record';

/**
 * `j` and `k` move the focus through the rows of the table in `place`; any other key is told with the mark of the row that
 * has it. Nothing happens while somebody types, or while a dialog is open.
 */
export function useRowKeys(place: React.RefObject<HTMLElement | null>, onKey: (key: string, mark: string) => void) {
  const last = useRef(-1);
  const told = useRef(onKey);
  told.current = onKey;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isElsewhere(event)) return;
      const rows = [...(place.current?.querySelectorAll<HTMLElement>('tbody tr[data-at]') ?? [])];
      const focused = rows.find((row) => row === document.activeElement);
      if (focused !== undefined) last.current = placeOf(focused);
      if (event.key === 'j' || event.key === 'k') {
        const wanted = focused === undefined ? Math.max(0, last.current) : last.current + (event.key === 'j' ? 1 : -1);
        const next = rows.find((row) => placeOf(row) === wanted) ?? (focused === undefined ? rows[0] : undefined);
        next?.focus();
        next?.scrollIntoView({ block: 'nearest' });
        return;
      }
      const mark = focused?.querySelector(`[${ROW_MARK}]`)?.getAttribute(ROW_MARK);
      if (typeof mark === 'string') told.current(event.key, mark);
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [place]);
}

function placeOf(row: HTMLElement): number {
  return Number(row.dataset['at']);
}

function isElsewhere({ target, isComposing }: KeyboardEvent): boolean {
  if (isComposing || document.querySelector('[role="dialog"]') !== null) return true;
  return target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]');
}
