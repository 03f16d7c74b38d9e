import { defineTexts } from '../../console/locales/define-texts.ts';

/** What the routes of people refuse, for the person concerned. */
export const portalErrorTexts = defineTexts({
  en: {
    reason_sign_in_refused: 'Mail address and password do not belong together.',
    reason_second_factor_refused: 'This code is not right. Codes change every 30 seconds; take the one shown now.',
    reason_sign_in_over: 'This took too long. Sign in again from the start.',
    reason_password_wrong: 'The password is not right.',
    reason_token_refused: 'This link was used, has expired, or a newer mail replaced it. Ask for a new one.',
    reason_code_refused:
      'This code is not right, or a newer mail replaced it. Look at the latest mail, or have a new one sent.',
    reason_password_needed: 'This is another browser than the one you signed up with, so it needs your password too.',
    reason_confirm_needed: 'Give your password once more for this.',
    reason_door_paused: 'Nobody can sign up just now.',
    reason_door_invite_only:
      'Signing up needs an invitation here, and this one does not count: it is mistyped, used or expired.',
    reason_proof_needed:
      'The check that you are no script did not count. It runs again now; then send the form once more.',
    reason_email_taken: 'This mail address cannot be used. Take another one.',
    reason_already_set: 'This is set up already.',
    reason_not_set: 'There is nothing to take off: it is not set up.',
    reason_session_not_found: 'This session has ended already.',
    reason_too_many_accounts: 'No more accounts can be made here just now. Try again later.',
    reason_too_many_attempts: 'Too many tries. Wait some minutes, then try again.',
    reason_passkey_refused: 'This passkey was not accepted. Try again, or use your password.',
  },
  zh: {
    reason_sign_in_refused: '邮箱与密码不匹配。',
    reason_second_factor_refused: '验证码不正确。验证码每 30 秒更换一次，请输入当前显示的那个。',
    reason_sign_in_over: '等待时间过长，请从头重新登录。',
    reason_password_wrong: '密码不正确。',
    reason_token_refused: '此链接已使用、已过期，或已被更新的邮件取代，请重新获取。',
    reason_code_refused: '验证码不正确，或已被更新的邮件取代。请查看最新的邮件，或重新发送。',
    reason_password_needed: '当前浏览器不是注册时使用的浏览器，因此还需要输入密码。',
    reason_confirm_needed: '请再次输入密码以继续。',
    reason_door_paused: '目前暂停注册。',
    reason_door_invite_only: '注册需要邀请，而此邀请无效：可能有误、已使用或已过期。',
    reason_proof_needed: '人机检查未通过。检查会自动重新进行，完成后请再次提交。',
    reason_email_taken: '无法使用这个邮箱，请换一个。',
    reason_already_set: '已经设置过了。',
    reason_not_set: '尚未设置，无需移除。',
    reason_session_not_found: '此会话已经结束。',
    reason_too_many_accounts: '目前无法再创建账户，请稍后再试。',
    reason_too_many_attempts: '尝试次数过多，请等待几分钟后重试。',
    reason_passkey_refused: '此通行密钥未被接受，请重试或改用密码。',
  },
});
