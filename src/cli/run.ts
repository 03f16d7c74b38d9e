import { Command, CommanderError } from 'commander';
import { ControlUnreachable, EXIT } from '../app/contract.ts';
import { type CliDeps, CliFailure } from './deps.ts';
import { addAccountVerbs } from './account.ts';
import { addAlertVerbs } from './alert.ts';
import { addAppVerbs } from './app.ts';
import { addBudgetVerbs } from './budget.ts';
import { addCorrectVerb } from './correct.ts';
import { addCodeVerbs } from './code.ts';
import { addCreditVerbs } from './credit.ts';
import { addDemoVerb } from './demo.ts';
import { addEnforcementVerbs } from './enforcement.ts';
import { addKeyVerbs } from './key.ts';
import { addModerationVerbs } from './moderation.ts';
import { addMonitorVerbs } from './monitor.ts';
import { addPaymentVerbs, addTopupVerbs } from './payment.ts';
import { addPlanVerbs, addSignupVerbs } from './plan.ts';
import { addPriceVerbs } from './price.ts';
import { addReportVerbs } from './report.ts';
import { addRuleVerbs } from './rule.ts';
import { addServiceVerbs } from './service.ts';
import { addSignUpVerbs } from './sign-up.ts';
import { addStaffVerbs } from './staff.ts';
import { addStandingVerbs } from './standing.ts';

const EXAMPLES = `
Examples:
  candor serve                                    start, with candor.yaml if there is one
  candor key create --app my-first-app            make a key for callers
  candor key create --app web --expires 30d --rpm 600 --models small
  candor config check candor.yaml                 before a restart
  candor audit --json                             for a monitor

Exit codes: 0 done, 1 refused or not clean, 2 wrong usage, 69 service not running, 70 internal, 78 configuration.`;

/** Runs one command line (the arguments after the program's name) and resolves with its exit code; never rejects. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(deps, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, deps, argv.includes('--json'));
  }
}

function createProgram(deps: CliDeps, exit: (code: number) => void): Command {
  const program = new Command('candor')
    .description('The gateway for people who let strangers in.')
    .version(deps.version, '--version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({
      writeOut: deps.stdout,
      writeErr: deps.stderr,
      outputError: (text, write) => write(text.replace(/^error: /, 'candor: ')),
    })
    .exitOverride();
  addServiceVerbs(program, deps, withPlace, exit);
  addDemoVerb(program, deps, exit);
  addKeyVerbs(program, deps, withPlace);
  addAccountVerbs(program, deps, withPlace);
  const { credit, ledger } = addCreditVerbs(program, deps, withPlace);
  addPlanVerbs(program, deps, withPlace);
  addSignupVerbs(credit, deps, withPlace);
  addCorrectVerb(ledger, deps, withPlace);
  addPaymentVerbs(program, deps, withPlace);
  addTopupVerbs(program, deps, withPlace);
  addCodeVerbs(program, deps, withPlace);
  addBudgetVerbs(program, deps, withPlace);
  addAlertVerbs(program, deps, withPlace);
  addAppVerbs(program, deps, withPlace);
  addPriceVerbs(program, deps, withPlace);
  addReportVerbs(program, deps, withPlace);
  addStaffVerbs(program, deps, withPlace);
  addSignUpVerbs(program, deps, withPlace);
  addStandingVerbs(program, deps, withPlace);
  addRuleVerbs(program, deps, withPlace);
  addEnforcementVerbs(program, deps, withPlace);
  addMonitorVerbs(program, deps, withPlace);
  addModerationVerbs(program, deps, withPlace);
  return program;
}

/** The options of every verb that looks at one service. */
function withPlace(command: Command): Command {
  return command
    .option('--json', 'print one JSON object')
    .option('--data <folder>', 'the data folder of the service (default: as the service finds it)')
    .option('--config <file>', 'the configuration that names the data folder');
}

function explain(error: unknown, deps: CliDeps, json: boolean): number {
  if (error instanceof CommanderError) {
    // Commander has written its own text; its code is 0 for help and a version that were asked for.
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const failure = toFailure(error);
  if (json) deps.stdout(`${JSON.stringify({ error: { reason: failure.reason, message: failure.message } })}\n`);
  else deps.stderr(`candor: ${failure.message}\n`);
  return failure.exitCode;
}

function toFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof ControlUnreachable) {
    const message = `${error.message}\nIs the service running? Start it with: candor serve`;
    return new CliFailure(EXIT.unavailable, 'not_running', message, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new CliFailure(EXIT.internal, 'internal', message, { cause: error });
}
