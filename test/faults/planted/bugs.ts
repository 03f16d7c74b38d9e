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
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Part of the name of the test that must fail. */
  readonly fails: string;
}

const POWER: Check = {
  files: ['test/faults/power.test.ts'],
  env: { CANDOR_POWER_CUTS: '8' },
  fails: 'power cuts',
};
const FAILED_SYNC: Check = { files: ['test/faults/disk.test.ts'], env: {}, fails: 'a failed sync' };

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
];
