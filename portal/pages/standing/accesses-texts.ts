import { defineTexts } from '../../../console/locales/define-texts.ts';

export const accessesTexts = defineTexts({
  en: {
    title: 'Who read what you wrote',
    note: 'Staff who read a prompt or a reply of this account must say why, and it stands here from that moment on. You see their role and their reason, not their name.',
    back: 'Back to Standing',
    col_at: 'When',
    col_role: 'Who',
    col_reason: 'Why',
    col_request: 'Request',
    role_owner: 'Owner of the service',
    role_admin: 'Admin of the service',
    role_trust_safety: 'Trust and safety',
    role_finance: 'Finance',
    role_viewer: 'Viewer',
    role_none: 'Whoever runs the machine, or has left since',
    empty: 'Nobody has read anything',
    empty_note:
      'Prompts and replies are kept only by products that say so. Should somebody read one of yours, it stands here.',
  },
  zh: {
    title: '谁看过你的内容',
    note: '工作人员查看此账户的提问或回答时必须说明理由，并会立即记录在此。你可以看到其职责和理由，但看不到姓名。',
    back: '返回账户状态',
    col_at: '时间',
    col_role: '查看者',
    col_reason: '理由',
    col_request: '请求',
    role_owner: '服务所有者',
    role_admin: '服务管理员',
    role_trust_safety: '信任与安全',
    role_finance: '财务',
    role_viewer: '只读人员',
    role_none: '机器维护者或已离职人员',
    empty: '没有人看过你的内容',
    empty_note: '只有明确声明的产品才会保留提问和回答。一旦有人查看你的内容，就会记录在此。',
  },
});
