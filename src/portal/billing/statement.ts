import type { StatementLineView, StatementView } from '../../ledger/index.ts';
import type { PortalStatementView } from './contract.ts';

/** A line of credit reads `promotional credit, manual: why the operator gave it`. */
const CREDIT_LINE = /^(paid|promotional) credit, [a-z_]+/;

/** A statement without what operators noted for themselves. */
export function toPortalStatement(made: StatementView): PortalStatementView {
  const { account_id: _, ...statement } = made;
  return { ...statement, lines: statement.lines.map(withoutNote) };
}

function withoutNote(line: StatementLineView): StatementLineView {
  // Of usage the text is the model, which the caller named.
  if (line.model !== null) return line;
  return { ...line, text: CREDIT_LINE.exec(line.text)?.[0] ?? '' };
}
