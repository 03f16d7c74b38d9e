import { Progress } from '@mantine/core';
import './developer.css';

/** From these shares on a bar is worth a look, and bad. */
const NEAR_SHARE = 0.8;
const FULL_SHARE = 1;

interface UsedBarProps {
  /** 0 to 1, or more. */
  readonly share: number;
  /** What it is of, for who cannot see it. */
  readonly label: string;
  /** Used and whole, as it is read beside the bar. */
  readonly told: string;
}

/** How much of something is used, as a bar with its numbers. */
export function UsedBar({ share, label, told }: UsedBarProps) {
  const status = share >= FULL_SHARE ? 'bad' : share >= NEAR_SHARE ? 'warn' : 'accent';
  return (
    <span className="used-bar">
      <Progress.Root size="sm">
        <Progress.Section
          value={Math.min(100, share * 100)}
          color={`var(--candor-${status})`}
          aria-label={label}
          aria-valuetext={told}
        />
      </Progress.Root>
      <span className="nowrap">{told}</span>
    </span>
  );
}
