import type { Accounts, Standing } from '../accounts/index.ts';
import type { Clock } from '../base/clock.ts';
import type { MintId } from '../base/ids.ts';
import type { Random } from '../base/random.ts';
import type { SendMail } from '../mail/send-mail.ts';
import type { Storage } from '../storage/sql/storage.ts';
import type { Belongings } from './belonging.ts';
import type { PersonDirectory } from './person.ts';
import type { Trail } from './trail/trail.ts';

/** What the verbs of workspaces work with. */
export interface WorkspaceParts {
  readonly storage: Pick<Storage, 'reader' | 'writer'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly mintId: MintId;
  readonly accounts: Accounts;
  readonly standing: Pick<Standing, 'stop' | 'lift' | 'stopOfMember' | 'stopOfAccount' | 'on'>;
  readonly people: PersonDirectory;
  readonly belongings: Belongings;
  readonly trail: Trail;
  readonly sendMail: SendMail;
  /** Where people open the portal, such as `https://candor.example.com`, without a slash at its end. */
  readonly portalUrl: string;
}
