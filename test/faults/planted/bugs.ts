/** Bugs a program of this kind has had elsewhere, as changes to its text, and the check that must find each. */
export interface PlantedBug {
  readonly name: string;
  readonly breaks: string;
  readonly changes: readonly {
    readonly file: string;
    /** Stands there exactly once. */
    readonly find: string;
    readonly replace: string;
  }[];
  readonly check: Check;
}

export interface Check {
  readonly file: string;
  /** Part of the name of the test that must fail; it alone is run. */
  readonly test: string;
  readonly env: Readonly<Record<string, string>>;
}

const POWER: Check = {
  file: 'test/faults/power.test.ts',
  test: 'power cuts: nothing acknowledged is lost',
  env: { CANDOR_POWER_CUTS: '8' },
};
const FAILED_SYNC: Check = { file: 'test/faults/disk.test.ts', test: 'a failed sync: ', env: {} };
const FULL_DISK: Check = { file: 'test/faults/disk.test.ts', test: 'a full disk: ', env: {} };
const KILLS: Check = {
  file: 'test/faults/kill.test.ts',
  test: 'kill -9 at random moments: ',
  env: { CANDOR_KILLS: '32' },
};
const POINTS: Check = {
  file: 'test/faults/kill.test.ts',
  test: 'kill -9 at every named point: ',
  env: { CANDOR_KILLS: '64' },
};
const SWEEPER: Check = {
  file: 'test/faults/sweep.test.ts',
  test: 'holds whose time is past while their requests go on',
  env: { CANDOR_KILLS: '1000' },
};

const MONEY_IN: Check = {
  file: 'test/faults/money-in.test.ts',
  test: 'payments are confirmed',
  env: { CANDOR_KILLS: '1000' },
};
const PROGRESS: Check = {
  file: 'test/faults/progress.test.ts',
  test: 'kill -9 in the middle of long streams',
  env: {},
};

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    name: 'commits are not synced (synchronous NORMAL)',
    breaks: 'what was acknowledged outlives a power cut',
    changes: [{ file: 'src/runtime/sqlite.ts', find: '    synchronous: 2,\n', replace: '    synchronous: 1,\n' }],
    check: POWER,
  },
  {
    name: 'a failed sync is taken for a full disk',
    breaks: 'a disk that failed once is not trusted again',
    changes: [
      {
        file: 'src/storage/sql/writer-thread.ts',
        find: "    if (sqliteErrorKind(error) !== 'full') return stop(error);\n    try {",
        replace: '    try {',
      },
      {
        file: 'src/storage/sql/writer-thread.ts',
        find: "      if (sqliteErrorKind(second) !== 'full') return stop(second);\n",
        replace: '',
      },
    ],
    check: FAILED_SYNC,
  },
  {
    name: 'the last frame leaves before the settlement is durable',
    breaks: 'an acknowledged request has its event and its debit',
    changes: [
      {
        file: 'src/gateway/pipeline/settle.ts',
        find: '    await deps.books.keep(event, closing);\n',
        replace: '    void deps.books.keep(event, closing).catch(() => undefined);\n',
      },
    ],
    check: POINTS,
  },
  {
    name: 'the upstream is asked before the hold is durable',
    breaks: 'nothing is asked of an upstream before the credit for it is set aside',
    changes: [
      {
        file: 'src/gateway/pipeline/prepare.ts',
        find: '    await deps.books.open(openingOf(draft, key, ask.inputTokens, moderated), bill.value);\n',
        replace:
          '    void deps.books.open(openingOf(draft, key, ask.inputTokens, moderated), bill.value).catch(() => undefined);\n',
      },
    ],
    check: POINTS,
  },
  {
    name: 'the record and its settlement are two transactions',
    breaks: 'an event and its debit are there together or not at all',
    changes: [
      {
        file: 'src/gateway/money/books.ts',
        find: '    await write(writer, [...closeStatements(event), ...closing.statements], [closing], event.id);\n',
        replace:
          '    await write(writer, closeStatements(event), NO_STEPS, event.id);\n' +
          '    await write(writer, closing.statements, [closing], event.id);\n',
      },
    ],
    check: POINTS,
  },
  {
    name: 'a start gives back what a dead process had set aside, instead of settling it',
    breaks: 'what was produced is paid for on every way out',
    changes: [
      {
        file: 'src/gateway/money/recovery.ts',
        find: 'hold === null ? NOTHING_OWED : owedFor(one, event, hold.held())',
        replace: 'NOTHING_OWED',
      },
    ],
    check: KILLS,
  },
  {
    name: 'streams whose caller left are free',
    breaks: 'what was produced is paid for on every way out',
    changes: [
      {
        file: 'src/gateway/pipeline/charge.ts',
        find: 'if (quote && job.asked && (produced || ended)) {',
        replace: "if (quote && job.asked && outcome === 'completed') {",
      },
    ],
    check: KILLS,
  },
  {
    name: 'prices are rounded down',
    breaks: 'a request never costs less than its exact price',
    changes: [
      {
        file: 'src/ledger/prices/charge.ts',
        find: '  const price = divideUp(parts, PARTS_PER_NANO);\n',
        replace: '  const price = parts / PARTS_PER_NANO;\n',
      },
    ],
    check: KILLS,
  },
  {
    name: 'a repeated request is charged again',
    breaks: 'one Idempotency-Key is one answer and one charge, also over a crash',
    changes: [
      {
        file: 'src/gateway/idempotency/answer-store.ts',
        find: '      if (!row) return null;\n',
        replace: "      if (!row || row.request_id !== '') return null;\n",
      },
    ],
    check: KILLS,
  },
  {
    name: 'an answer counts as given before its record does',
    breaks: 'a marker never stands without its effect',
    changes: [
      {
        file: 'src/gateway/idempotency/answer-store.ts',
        find: "        .innerJoin('usage_event', 'usage_event.id', 'idempotent_answer.request_id')\n",
        replace: "        .leftJoin('usage_event', 'usage_event.id', 'idempotent_answer.request_id')\n",
      },
      {
        file: 'src/gateway/idempotency/answer-store.ts',
        find: "        .where('usage_event.outcome', '=', 'completed')\n",
        replace: '',
      },
    ],
    check: {
      file: 'src/gateway/idempotency/claims.test.ts',
      test: 'whose record never became durable',
      env: {},
    },
  },
  {
    name: 'a payment is marked as confirmed before its credit is given',
    breaks: 'a marker never stands without its effect',
    changes: [
      {
        file: 'src/ledger/payments/paid.ts',
        find: '  const posted = await deps.ledger.post({\n',
        replace:
          '  await deps.storage.writer.write([applied(deps, incoming, order.id)]);\n' +
          '  const posted = await deps.ledger.post({\n',
      },
      {
        file: 'src/ledger/payments/paid.ts',
        find: '      applied(deps, incoming, order.id),\n',
        replace: '',
      },
    ],
    check: MONEY_IN,
  },
  {
    name: 'the progress of a stream is not noted',
    breaks: 'a crash gives away one chunk of a stream at most',
    changes: [
      {
        file: 'src/metering/store.ts',
        find: "'update usage_open set output_tokens = ?, progress_at_ms = ? where id = ?'",
        replace: "'update usage_open set output_tokens = min(?, 0), progress_at_ms = ? where id = ?'",
      },
    ],
    check: PROGRESS,
  },
  {
    name: 'what the full disk refused is not settled later',
    breaks: 'every request that was let in gets its event, without a restart',
    changes: [
      {
        file: 'src/gateway/pipeline/settle.ts',
        find: '      deps.books.keepLater({ event: late, bill, owed: sent ? owed : unpaid(owed), also, onKept: held.durable });\n',
        replace: '      void late;\n',
      },
    ],
    check: FULL_DISK,
  },
  {
    name: 'the sweeper settles holds of requests that go on',
    breaks: 'time that jumps expires nothing that is in progress',
    changes: [
      {
        file: 'src/gateway/money/recovery.ts',
        find: 'past.filter(({ id }) => isLive(id) || books.isLate(id))',
        replace: "past.filter(({ id }) => isLive(id) && id === '')",
      },
    ],
    check: SWEEPER,
  },
  {
    name: 'a balance is read when a request is let in and written when it is kept, without a floor',
    breaks: 'no balance is ever below its floor, under any concurrency',
    changes: [
      {
        file: 'src/ledger/books/purse.ts',
        find: '      pocket.available -= amount;\n      pocket.held += amount;\n',
        replace: '      pocket.held += amount;\n',
      },
      {
        file: 'src/ledger/books/statements.ts',
        find: "'insert into ledger_account (id, kind, owner, floor) values (?, ?, ?, 0)'",
        replace: "'insert into ledger_account (id, kind, owner, floor) values (?, ?, ?, null)'",
      },
    ],
    check: { file: 'test/credit/races.test.ts', test: '1,000 requests at once on one cent', env: {} },
  },
  {
    name: 'the price of the moment of settlement is charged',
    breaks: 'a price change never touches a call in flight',
    changes: [
      {
        file: 'src/gateway/pipeline/charge.ts',
        find: '  const { quote } = job.bill;\n',
        replace:
          '  const order = { model: job.model.alias, targets: job.model.quoted, marginBp: job.bill.marginBp };\n' +
          '  const now = job.bill.quote && deps.prices.quote(order);\n' +
          '  const quote = now?.ok ? now.value : null;\n',
      },
    ],
    check: { file: 'test/credit/streams.test.ts', test: 'a price that changes in the middle of a stream', env: {} },
  },
  {
    name: 'a model without a price is free',
    breaks: 'nothing unknown is booked as zero',
    changes: [
      {
        file: 'src/gateway/pipeline/set-aside.ts',
        find: '  if (!quoted.ok) return refuse(explainQuote(quoted.refusal));\n',
        replace: '  if (!quoted.ok) return ok(freeBill(ask.images));\n',
      },
    ],
    check: { file: 'test/credit/endpoints.test.ts', test: 'is refused to those who pay, once', env: {} },
  },
];
