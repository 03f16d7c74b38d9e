import { defineTexts } from '../../../console/locales/define-texts.ts';

export const stopTexts = defineTexts({
  en: {
    subject_account: 'The whole account',
    subject_member: 'Member {name}',
    subject_app: 'App {name}',
    subject_key: 'Key {name}',
    cause_owner: 'By an owner',
    cause_admin: 'By an admin',
    cause_staff: 'By whoever runs the service',
    cause_scim: 'By your directory',
    cause_plan: 'The plan was not paid',
    cause_sanction: 'For breaking the rules of the service',
    cause_deletion: 'It is being deleted',
    since: 'since {time}',
    until: 'until {time}',
  },
  zh: {
    subject_account: '整个账户',
    subject_member: '成员 {name}',
    subject_app: '应用 {name}',
    subject_key: '密钥 {name}',
    cause_owner: '由所有者停用',
    cause_admin: '由管理员停用',
    cause_staff: '由运营方停用',
    cause_scim: '由你的目录停用',
    cause_plan: '套餐未付款',
    cause_sanction: '违反服务规则',
    cause_deletion: '正在删除',
    since: '自 {time} 起',
    until: '至 {time}',
  },
});
