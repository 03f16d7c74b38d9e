import { defineTexts } from '../../console/locales/define-texts.ts';

/** Why somebody came back from another service, or from the sign-in of their organisation, without what they went for. */
export const wayProblemTexts = defineTexts({
  en: {
    flow_over: 'This took too long, or was begun in another browser. Begin again.',
    provider_declined: 'You stopped at the other service, or it said no. Nothing has changed.',
    provider_failed: 'The other service does not answer as it should just now. Take another way, or try again later.',
    email_unverified:
      'The other service does not say that the mail address is yours. Confirm it there, or sign up here.',
    link_needed:
      'You have an account with this mail address. Sign in as usual, then connect the service under Security.',
    connected_elsewhere: 'This account of the other service is connected to another person here.',
    sso_required: 'Whoever has this mail address signs in by their organisation. Choose that way below.',
    sso_refused: 'Your organisation did not let you in here. Ask whoever looks after it.',
    door_paused: 'Nobody can sign up just now.',
    door_invite_only: 'Signing up needs an invitation here.',
    session_over: 'You were signed out meanwhile. Sign in, then connect the service again.',
    confirm_needed: 'To connect a service, sign in anew first: the last time was a while ago.',
    too_many_attempts: 'Too many tries. Wait some minutes, then try again.',
    not_now: 'This did not work just now. Try again in a moment.',
  },
  zh: {
    flow_over: '等待时间过长，或是从另一个浏览器开始的，请重新开始。',
    provider_declined: '你在第三方服务处取消了，或它拒绝了请求。没有任何更改。',
    provider_failed: '第三方服务目前响应异常。请换一种方式，或稍后再试。',
    email_unverified: '第三方服务未确认这个邮箱属于你。请在那里完成验证，或在此直接注册。',
    link_needed: '这个邮箱已有账户。请照常登录，然后在“安全”页面关联该服务。',
    connected_elsewhere: '这个第三方账号已关联到另一位用户。',
    sso_required: '使用这个邮箱的人须通过所属组织登录，请在下方选择该方式。',
    sso_refused: '你所在的组织未允许你登录此处，请联系组织的管理员。',
    door_paused: '目前暂停注册。',
    door_invite_only: '在此注册需要邀请。',
    session_over: '你在此期间已退出登录。请登录后重新关联该服务。',
    confirm_needed: '距上次登录已有一段时间。请重新登录后再关联服务。',
    too_many_attempts: '尝试次数过多，请等待几分钟后再试。',
    not_now: '暂时未能完成，请稍后重试。',
  },
});
