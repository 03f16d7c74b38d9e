import type { Bilingual } from '../../decision.ts';

/** A moment to the minute, and the zone it is told in: people everywhere read it. */
export function timeWords(ms: number): Bilingual {
  const text = `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return { en: text, zh: text };
}

export function dayWords(ms: number): Bilingual {
  const [year = '', month = '', day = ''] = new Date(ms).toISOString().slice(0, 10).split('-');
  return {
    en: `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`,
    zh: `${year}年${Number(month)}月${Number(day)}日`,
  };
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
