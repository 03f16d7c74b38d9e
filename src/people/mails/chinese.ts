import type { MailText } from '../../mail/send-mail.ts';
import type { Texts } from './texts.ts';

function text(subject: string, ...paragraphs: readonly string[]): MailText {
  return { subject, body: `${paragraphs.join('\n\n')}\n` };
}

const NOT_YOU = '如果不是您本人操作，请登录并修改密码，然后在“安全”页面结束所有会话：';

export const CHINESE: Texts = {
  verify: ({ code, link, minutes }) =>
    text(
      `您的注册验证码：${code}`,
      '欢迎！请在注册页面输入以下验证码，完成注册：',
      `    ${code}`,
      `也可以打开这个链接：\n${link}`,
      `验证码和链接在 ${minutes} 分钟内有效，只能使用一次。`,
      '如果您没有注册，请忽略此邮件；未经验证，注册不会生效。',
    ),
  known: ({ link, forgot }) =>
    text(
      '您已有账号',
      '有人（可能是您本人）用这个邮箱地址注册。该地址已有账号，因此没有创建新账号。',
      `请在此登录：\n${link}`,
      `忘记密码？在此重设：\n${forgot}`,
      '如果不是您本人，无需任何操作：没有人进入您的账号。',
    ),
  admitted: ({ link }) => text('轮到您了', '感谢您的等待，您的账号现已开通。', `请在此登录：\n${link}`),
  reset: ({ link, minutes }) =>
    text(
      '重设密码',
      `请打开以下链接设置新密码：\n${link}`,
      `链接在 ${minutes} 分钟内有效，只能使用一次。设置新密码后，您的所有会话都会结束。`,
      '如果您没有提出这个请求，请忽略此邮件，您的密码不会改变。',
    ),
  password_changed: ({ link }) =>
    text('您的密码已修改', '您账号的密码刚刚被修改。', `如果不是您本人操作，请立即重设密码：\n${link}`),
  new_sign_in: ({ at, client, network, link }) =>
    text(
      '来自新网络的登录',
      '有人从一个此前未使用过的网络登录了您的账号：',
      [`    时间：  ${at}`, `    浏览器：${client ?? '未知'}`, `    网络：  ${network ?? '未知'}`].join('\n'),
      '如果是您本人，无需任何操作。',
      `${NOT_YOU}\n${link}`,
    ),
  confirm_old: ({ to, link, hours }) =>
    text(
      '请确认更换邮箱地址',
      `有人在登录您的账号后，请求将邮箱地址更换为 ${to}。此处的链接与发往新地址的链接都打开后，更换才会生效：`,
      link,
      `链接在 ${hours} 小时内有效。`,
      '如果不是您本人操作，请不要打开链接，并修改密码。',
    ),
  confirm_new: ({ link, hours }) =>
    text(
      '请确认新的邮箱地址',
      `请打开以下链接，将此地址用于您的账号：\n${link}`,
      `链接在 ${hours} 小时内有效。原地址也需要确认。`,
      '如果您没有提出这个请求，请忽略此邮件。',
    ),
  email_changed: ({ to, link }) =>
    text(
      '您的邮箱地址已更换',
      `您的账号现在使用 ${to}，新旧两个地址都已确认。`,
      `如果不是您本人操作，请立即联系本服务的运营方。登录页面：\n${link}`,
    ),
  totp_on: ({ link }) =>
    text(
      '两步验证已开启',
      '今后用密码登录时，还需要输入身份验证器应用中的验证码。请妥善保存恢复码，确保手机不在身边时也能找到。',
      `${NOT_YOU}\n${link}`,
    ),
  totp_off: ({ link }) =>
    text('两步验证已关闭', '今后用密码登录时，不再需要身份验证器应用中的验证码。', `${NOT_YOU}\n${link}`),
  recovery_code_used: ({ left, link }) =>
    text('恢复码已被使用', `有人使用恢复码登录了您的账号，还剩 ${left} 个恢复码。`, `${NOT_YOU}\n${link}`),
  deletion: ({ on, link }) =>
    text(
      '您的账号即将删除',
      `按照您的要求，您的账号及其中与您有关的资料将于 ${on} 删除。在此之前，一切都会保留。`,
      `如需保留账号，请登录并撤销删除：\n${link}`,
    ),
  deleted: () =>
    text(
      '您的账号已删除',
      '您的账号以及能够识别您身份的资料均已删除。付款记录会依法保留，但不含您的姓名和地址。',
      '这是我们发给您的最后一封邮件。再见。',
    ),
};
