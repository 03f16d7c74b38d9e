import type { MailText } from '../../mail/send-mail.ts';
import type { Texts } from './texts.ts';

function text(subject: string, ...paragraphs: readonly string[]): MailText {
  return { subject, body: `${paragraphs.join('\n\n')}\n` };
}

const NOT_YOU = 'If this was not you, sign in, change your password, and end every session under Security:';

export const ENGLISH: Texts = {
  verify: ({ code, link, minutes }) =>
    text(
      `${code} is your sign-up code`,
      'Welcome. To finish signing up, type this code where you signed up:',
      `    ${code}`,
      `Or open this link:\n${link}`,
      `Both hold for ${minutes} minutes and work once.`,
      'If you did not sign up, ignore this mail: without it nothing comes of the sign-up.',
    ),
  known: ({ link, forgot }) =>
    text(
      'You already have an account',
      'Somebody, perhaps you, tried to sign up with this mail address. It has an account already, so no new one was made.',
      `Sign in here:\n${link}`,
      `Forgotten the password? Set a new one here:\n${forgot}`,
      'If it was not you, there is nothing to do: nobody got in.',
    ),
  admitted: ({ link }) =>
    text('It is your turn', 'Thank you for waiting: your account is open now.', `Sign in here:\n${link}`),
  reset: ({ link, minutes }) =>
    text(
      'Set a new password',
      `Open this link to set a new password:\n${link}`,
      `It holds for ${minutes} minutes and works once. Setting a new password ends every session you have.`,
      'If you did not ask for this, ignore this mail: your password stays as it is.',
    ),
  password_changed: ({ link }) =>
    text(
      'Your password was changed',
      'The password of your account was changed just now.',
      `If this was not you, set a new one at once:\n${link}`,
    ),
  new_sign_in: ({ at, client, network, link }) =>
    text(
      'A sign-in from a new network',
      'Somebody signed in to your account from a network it was not used from before:',
      [`    Time:     ${at}`, `    Browser:  ${client ?? 'unknown'}`, `    Network:  ${network ?? 'unknown'}`].join(
        '\n',
      ),
      'If this was you, there is nothing to do.',
      `${NOT_YOU}\n${link}`,
    ),
  confirm_old: ({ to, link, hours }) =>
    text(
      'Confirm that you move to another mail address',
      `Somebody who is signed in to your account asked to move it to ${to}. It moves once the link here and the one sent to the new address have both been opened:`,
      link,
      `The link holds for ${hours} hours.`,
      'If this was not you, do not open it, and change your password.',
    ),
  confirm_new: ({ link, hours }) =>
    text(
      'Confirm your new mail address',
      `Open this link to use this address for your account:\n${link}`,
      `It holds for ${hours} hours. The old address has to confirm as well.`,
      'If you did not ask for this, ignore this mail.',
    ),
  email_changed: ({ to, link }) =>
    text(
      'Your mail address was changed',
      `Your account now uses ${to}; both addresses had confirmed it.`,
      `If this was not you, write to whoever runs this service at once. Sign-in is here:\n${link}`,
    ),
  totp_on: ({ link }) =>
    text(
      'The second factor is on',
      'From now on a sign-in with your password also asks for a code of your authenticator app. Keep the recovery codes where you find them without your phone.',
      `${NOT_YOU}\n${link}`,
    ),
  totp_off: ({ link }) =>
    text(
      'The second factor is off',
      'A sign-in with your password no longer asks for a code of your authenticator app.',
      `${NOT_YOU}\n${link}`,
    ),
  recovery_code_used: ({ left, link }) =>
    text(
      'A recovery code was used',
      `Somebody signed in to your account with one of its recovery codes. ${left === 1 ? 'One is' : `${left} are`} left.`,
      `${NOT_YOU}\n${link}`,
    ),
  deletion: ({ on, link }) =>
    text(
      'Your account will be deleted',
      `As you asked, your account and what it holds of you will be deleted on ${on}. Until then nothing is lost.`,
      `To keep it, sign in and take the deletion back:\n${link}`,
    ),
  deleted: () =>
    text(
      'Your account was deleted',
      'Your account is gone, and with it what told who you are. Records of payments stay as long as the law asks, without your name and address.',
      'This is the last mail you get from us. Goodbye.',
    ),
};
