import type { ReactNode } from 'react';
import { EmptyState } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';

interface NotThereProps {
  readonly title: string;
  readonly note: string;
  /** The way back. */
  readonly children: ReactNode;
}

/** The page of something that does not exist, or not for whoever looks. */
export function NotThere({ title, note, children }: NotThereProps) {
  return (
    <div className="page">
      <PageHeader title={title}>{children}</PageHeader>
      <div className="panel">
        <EmptyState title={title}>{note}</EmptyState>
      </div>
    </div>
  );
}
