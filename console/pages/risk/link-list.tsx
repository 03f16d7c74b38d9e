import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { LinkView } from '../../../src/fraud/linkage/contract.ts';
import { useMay } from '../../api/session.tsx';
import { useFormats, useTexts } from '../../locales/language.tsx';
import { NetworkSign } from '../../ui/chart/network-chart.tsx';
import { CutLinkDialog } from './cut-link-dialog.tsx';
import './link-list.css';
import { linkageTexts } from '../../components/linkage/linkage-texts.ts';
import { useLinkageWords } from '../../components/linkage/linkage-words.ts';

const FIRST_SHOWN = 6;

interface LinkListProps {
  readonly links: readonly LinkView[];
  /** Whom a link leads to: the other account of it, or both. */
  readonly ends: (link: LinkView) => ReactNode;
}

/** Links with their reasons in sentences, the strongest first; who may, cuts one. */
export function LinkList({ links, ends }: LinkListProps) {
  const t = useTexts(linkageTexts);
  const [all, setAll] = useState(false);
  const [cutting, setCutting] = useState<LinkView | null>(null);
  const sorted = links.toSorted((a, b) => b.bits - a.bits);
  const shown = all ? sorted : sorted.slice(0, FIRST_SHOWN);
  const left = sorted.length - shown.length;
  return (
    <>
      <p className="panel-padded dimmed" style={{ margin: 0 }}>
        {t('bits_note')}
      </p>
      <ul className="link-list">
        {shown.map((link) => (
          <OneLink key={link.id} link={link} ends={ends(link)} onCut={() => setCutting(link)} />
        ))}
      </ul>
      {left === 0 ? null : (
        <div className="link-list-more">
          <Button variant="default" onClick={() => setAll(true)}>
            {t('more', { count: left })}
          </Button>
        </div>
      )}
      <CutLinkDialog link={cutting} onClose={() => setCutting(null)} />
    </>
  );
}

interface OneLinkProps {
  readonly link: LinkView;
  readonly ends: ReactNode;
  readonly onCut: () => void;
}

function OneLink({ link, ends, onCut }: OneLinkProps) {
  const t = useTexts(linkageTexts);
  const formats = useFormats();
  const mayCut = useMay()('fraud.write') && link.fell === null;
  return (
    <li className="link-item">
      <div className="link-head">
        <div className="row" style={{ gap: 14 }}>
          <strong>{ends}</strong>
          <span title={t(`${link.strength}_note`)}>
            <NetworkSign sign={link.strength === 'hard' ? 'firm' : 'loose'}>{t(link.strength)}</NetworkSign>
          </span>
          <span className="dimmed nowrap">{t('bits', { bits: formats.number(link.bits) })}</span>
        </div>
        {mayCut ? (
          <Button size="compact-sm" variant="outline" color="danger" onClick={onCut}>
            {t('cut')}
          </Button>
        ) : null}
      </div>
      <Reasons link={link} />
      <Times link={link} />
    </li>
  );
}

function Reasons({ link }: { readonly link: LinkView }) {
  const t = useTexts(linkageTexts);
  const formats = useFormats();
  const words = useLinkageWords();
  return (
    <ul className="link-reasons">
      {link.agreements.map((agreement) => (
        <li key={agreement.field}>
          <span>
            {words.agrees(agreement)}
            <span className="dimmed"> · {words.rarity(agreement.operators)}</span>
          </span>
          <span className="dimmed nowrap">{t('bits', { bits: formats.number(agreement.bits) })}</span>
        </li>
      ))}
    </ul>
  );
}

function Times({ link }: { readonly link: LinkView }) {
  const t = useTexts(linkageTexts);
  const formats = useFormats();
  const words = useLinkageWords();
  const { fell } = link;
  return (
    <span className="dimmed">
      {t('made', { time: formats.time(link.at) })} ·{' '}
      {fell === null
        ? t('ends', { time: formats.date(link.expires_at) })
        : t('fell', { time: formats.time(fell.at), why: words.fell(fell.reason) })}
    </span>
  );
}
