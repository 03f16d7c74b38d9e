import { defineTexts } from '../../console/locales/define-texts.ts';

export const cutOffTexts = defineTexts({
  en: {
    keys: 'Working keys stopped',
    streams: 'Answers cut',
    sessions: 'Sessions ended',
    decided: 'Decided',
    last_byte: 'Last byte of an answer',
    no_byte: 'None after the decision',
    closed: 'All of it closed',
    receipt: 'Receipt',
  },
  zh: {
    keys: '停用的有效密钥',
    streams: '切断的回复',
    sessions: '结束的会话',
    decided: '决定时间',
    last_byte: '回复的最后一个字节',
    no_byte: '决定之后没有发送任何内容',
    closed: '全部关闭时间',
    receipt: '回执',
  },
});
