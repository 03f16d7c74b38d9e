import { Badge, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { AccountLink } from '../../components/account-link.tsx';
import { moderationTexts } from '../../components/moderation-texts.ts';
import { LabelChip, moderationWord, ReviewResultText } from '../../components/moderation-words.tsx';
import { ThingLink } from '../../components/thing-link.tsx';
import type { Formats } from '../../locales/formats.ts';
import { useFormats, useTexts } from '../../locales/language.tsx';
import type { Column } from '../../ui/data-table/column.ts';
import { longTextColumn } from '../../ui/usual-columns.tsx';
import { queueTexts } from './queue-texts.ts';
import type { ModerationRecord } from './use-correction.ts';
import { ROW_MARK } from '../../components/use-row-keys.ts';

const CHIPS_MAX = 2;

export function markOf({ request_id: id, subject }: ModerationRecord): string {
  return `${id} ${subject}`;
}

export function useRecordColumns(): readonly Column<ModerationRecord>[] {
  const t = useTexts(queueTexts);
  const words = useTexts(moderationTexts);
  const formats = useFormats();
  return useMemo(
    () => [
      {
        key: 'at',
        header: t('time'),
        value: (record) => record.at,
        cell: (record) => <TimeLink record={record} formats={formats} />,
        width: 155,
      },
      {
        key: 'result',
        header: t('result'),
        value: (record) => moderationWord(words, 'result', record.result),
        cell: (record) => <ReviewResultText result={record.result} />,
        width: 172,
      },
      {
        key: 'found',
        header: t('found'),
        value: (record) => record.top_score,
        saved: (record) =>
          chipsOf(record)
            .map(({ label, score }) => `${label} ${score}`)
            .join(' '),
        cell: (record) => <Chips record={record} />,
        width: 270,
      },
      {
        key: 'subject',
        header: t('subject'),
        value: (record) => moderationWord(words, 'subject', record.subject),
        width: 70,
      },
      {
        key: 'action',
        header: t('action'),
        value: (record) => moderationWord(words, 'action', record.action),
        cell: (record) => <Done record={record} />,
        width: 125,
      },
      { key: 'policy', header: t('policy'), value: (record) => record.policy, cell: policyLink, width: 100 },
      {
        key: 'account',
        header: t('account'),
        value: (record) => record.account_id,
        cell: (record) => <AccountLink id={record.account_id} />,
        width: 120,
      },
      {
        key: 'judged',
        header: t('judged'),
        value: (record) => record.correction?.labels.join(' ') ?? null,
        cell: (record) => <Judged record={record} />,
        width: 110,
      },
      ...hiddenColumns(t),
    ],
    [t, words, formats],
  );
}

function hiddenColumns(t: (key: 'app' | 'model' | 'product') => string): readonly Column<ModerationRecord>[] {
  return [
    {
      key: 'app',
      header: t('app'),
      value: (record) => record.app,
      cell: (record) => (record.app === null ? '–' : <ThingLink dimension="app" id={record.app} />),
      hidden: true,
    },
    longTextColumn({
      key: 'model',
      header: t('model'),
      text: (record: ModerationRecord) => record.model,
      hidden: true,
    }),
    { key: 'product', header: t('product'), value: (record) => record.product, hidden: true },
  ];
}

interface RecordProps {
  readonly record: ModerationRecord;
}

function TimeLink({ record, formats }: RecordProps & { readonly formats: Formats }) {
  return (
    <Link
      to="/moderation/records/$id"
      params={{ id: record.request_id }}
      search={{ subject: record.subject }}
      className="link"
      {...{ [ROW_MARK]: markOf(record) }}
    >
      {formats.shortTime(record.at)}
    </Link>
  );
}

/** What crossed a threshold; where nothing did, what came nearest. */
function chipsOf({ flags, top_label: label, top_score: score }: ModerationRecord) {
  if (flags.length > 0) {
    const best = new Map<string, number>();
    for (const flag of flags) best.set(flag.label, Math.max(flag.score, best.get(flag.label) ?? 0));
    return [...best].map(([name, most]) => ({ label: name, score: most }));
  }
  return label === null ? [] : [{ label, score }];
}

function Chips({ record }: RecordProps) {
  const chips = chipsOf(record);
  if (chips.length === 0) return '–';
  return (
    <span className="row" style={{ gap: 4, flexWrap: 'nowrap' }}>
      {chips.slice(0, CHIPS_MAX).map(({ label, score }) => (
        <LabelChip key={label} label={label} score={score} />
      ))}
      {chips.length > CHIPS_MAX ? <span className="dimmed">+{chips.length - CHIPS_MAX}</span> : null}
    </span>
  );
}

function Done({ record }: RecordProps) {
  const t = useTexts(queueTexts);
  const words = useTexts(moderationTexts);
  return (
    <span className="row" style={{ gap: 4, flexWrap: 'nowrap' }}>
      {moderationWord(words, 'action', record.action)}
      {record.dry_run ? (
        <Tooltip label={t('dry_run_note')}>
          <Badge color="gray">{t('dry_run')}</Badge>
        </Tooltip>
      ) : null}
    </span>
  );
}

function policyLink({ policy }: ModerationRecord) {
  const id = policy.split('@')[0] ?? policy;
  return (
    <Link to="/moderation/policies/$id" params={{ id }} className="link mono">
      {policy}
    </Link>
  );
}

function Judged({ record }: RecordProps) {
  const t = useTexts(queueTexts);
  const words = useTexts(moderationTexts);
  const { correction } = record;
  if (correction === null) return <span className="dimmed">{t('not_judged')}</span>;
  const said = correction.labels.map((label) => moderationWord(words, 'label', label)).join(', ');
  return (
    <span title={correction.note === '' ? undefined : correction.note} translate="no">
      {said === '' ? t('harmless') : said}
    </span>
  );
}
