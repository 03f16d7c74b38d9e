/** How each field of an event is read off the columns of the monitor again. */
import type { EventKind } from '../contract.ts';
import { FIELDS } from '../events/facts.ts';
import type { Field } from '../language/schema.ts';

/** What callers write themselves may hold anything: what would end a cell or a line stands as its percent code. */
function escaped(sql: string): string {
  const codes = ['%', '"', ',', '\n', '\r'].map((sign) => [sign.charCodeAt(0), sign] as const);
  return codes.reduce((text, [code]) => `replace(${text}, chr(${code}), '%${hexOf(code)}')`, sql);
}

function hexOf(code: number): string {
  return code.toString(16).toUpperCase().padStart(2, '0');
}

/** Where the columns name nothing with a word, it is nothing again: see `levelsOf` of metering. */
const END_USER = `case when end_user = 'none' or starts_with(end_user, 'account:') then null
  when starts_with(end_user, 'named:') then ${escaped('substr(end_user, 7)')} else ${escaped('end_user')} end`;
const PRODUCT = "nullif(product, 'none')";

/** Fields whose cells have percent codes in them. */
export const ESCAPED: ReadonlySet<string> = new Set(['app', 'end_user', 'model']);

/** SQL over a row of the columns, by the name of the field; `at` is worked out of what every row begins with. */
const STORED: Readonly<Record<string, string>> = {
  account: 'account_id',
  key: 'key_id',
  app: `case when app_source = 'none' then null else ${escaped('app')} end`,
  product: PRODUCT,
  member: 'member',
  end_user: END_USER,
  endpoint: 'endpoint',
  model: escaped('model_requested'),
  streamed: 'streamed',
  input_tokens: 'input_tokens',
  network: 'network_prefix',
  client: 'client_class',
  app_source: 'app_source',
  provider: 'provider',
  output_tokens: 'output_tokens',
  took: 'total_ms',
  outcome: 'outcome',
  reason: 'reason',
  status: 'status',
  images: 'images',
  price_usd: 'price_nano',
  verdict: 'verdict',
  labels: "replace(categories, ',', ' ')",
};

/** What every row begins with: which event, when, whose, and what a report tells apart. */
const HEAD = ['id', 'at_ms', 'total_ms', 'account_id', PRODUCT, 'client_class', 'price_nano'] as const;
export const HEAD_CELLS = HEAD.length;

export interface StoredField {
  readonly slot: number;
  readonly field: Field;
}

export interface StoredFields {
  readonly stored: readonly StoredField[];
  /** Names of those that are not stored. */
  readonly missing: readonly string[];
}

/** Of the fields in these slots, those that are stored, in the order of the cells that follow the head. */
export function storedFields(kind: EventKind, slots: ReadonlySet<number>): StoredFields {
  const read = FIELDS[kind].flatMap((field, slot) => (slots.has(slot) && field.name !== 'at' ? [{ slot, field }] : []));
  const isStored = ({ field }: StoredField) => Object.hasOwn(STORED, field.name);
  return {
    stored: read.filter(isStored),
    missing: read.filter((one) => !isStored(one)).map(({ field }) => field.name),
  };
}

/** One select of the rows of a span, in the order the rules were shown them; its parameters are the two ends. */
export function selectRows(source: string, kind: EventKind, stored: readonly StoredField[]): string {
  const cells = [...HEAD, ...stored.map(({ field }) => STORED[field.name] ?? 'null')];
  const looked = kind === 'request' ? " and verdict <> 'none'" : '';
  const order = kind === 'request' ? 'at_ms, id' : 'at_ms + total_ms, id';
  return (
    `select ${cells.map((cell, at) => `${cell} as c${at}`).join(', ')} from ${source} ` +
    `where at_ms >= ? and at_ms < ? and account_id is not null${looked} order by ${order}`
  );
}
