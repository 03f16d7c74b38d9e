import { z } from 'zod';
import { checkPath } from '../paths.ts';
import { textThat } from './text-that.ts';

/** The section `enforcement`. */
export const enforcement = z
  .strictObject({
    evidence_days: z
      .int()
      .min(0)
      .max(3650)
      .default(30)
      .describe(
        'How long an exchange that was flagged is kept, sealed, for whoever decides on it, also where its product ' +
          'captures nothing; 0 keeps none, and cases then have nothing to look at.',
      ),
    usual_requests_per_minute: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(60)
      .describe('What a throttle takes its share of where neither key nor plan sets requests a minute of their own.'),
    rules_dir: textThat(checkPath)
      .min(1)
      .nullable()
      .default(null)
      .describe(
        'Folder of rule files, `.yaml` or `.json`, taken in when they change; a relative path starts at the folder of ' +
          'this file. `null`: rules are written in the console alone.',
      ),
    rule_counters_mb: z
      .int()
      .min(16)
      .max(65_536)
      .default(256)
      .describe('Memory that the counters of all rules may take together; beyond it the oldest keys give way.'),
  })
  .prefault({})
  .describe(
    'What is done about abuse. Rules are written in the console or as files; the ladder of steps is the same everywhere.',
  );
