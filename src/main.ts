import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { auditDatabase } from './metering/index.ts';
import { connectControl } from './app/connect-control.ts';
import { serve } from './app/serve.ts';
import { runCli } from './cli/run.ts';

const stdout = (text: string) => void process.stdout.write(text);
const stderr = (text: string) => void process.stderr.write(text);

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
  version: string;
};

process.exitCode = await runCli(process.argv.slice(2), {
  stdout,
  stderr,
  env: process.env,
  cwd: process.cwd(),
  version,
  nowMs: () => Date.now(),
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  connect: connectControl,
  audit: auditDatabase,
  serve: (request) => serve(request, { stdout, writeLog: stderr, version }),
});
