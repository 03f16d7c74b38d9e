import { Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface FormCardProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children?: ReactNode;
  /** Below the card: where else one may want to go. */
  readonly below?: ReactNode;
}

/** The frame of a page that asks for one thing, before one is in. */
export function FormCard({ title, note, children, below }: FormCardProps) {
  return (
    <div className="form-card">
      <div className="panel form-card-panel page">
        <div>
          <Title order={1}>{title}</Title>
          {note === undefined ? null : <p className="dimmed form-card-note">{note}</p>}
        </div>
        {children}
      </div>
      {below === undefined ? null : <div className="form-card-below">{below}</div>}
    </div>
  );
}
