/** Where a tag behind `+` leads to the same mailbox; by the providers' own help pages. */
const TAGGED = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com fastmail.com fastmail.fm proton.me ' +
    'protonmail.com pm.me protonmail.ch icloud.com me.com mac.com'
  ).split(' '),
);
const DOTTED = new Set(['gmail.com', 'googlemail.com']);
/** Several names of one provider's mailboxes. */
const SAME: ReadonlyMap<string, string> = new Map([
  ['googlemail.com', 'gmail.com'],
  ['me.com', 'icloud.com'],
  ['mac.com', 'icloud.com'],
  ['protonmail.com', 'proton.me'],
  ['protonmail.ch', 'proton.me'],
  ['pm.me', 'proton.me'],
]);
/** They forward to a mailbox they hide; their users are people who care for their privacy. */
const RELAYS = new Set(
  (
    'privaterelay.appleid.com duck.com mozmail.com relay.firefox.com simplelogin.com simplelogin.co ' +
    'simplelogin.io slmail.me aleeas.com slmails.com silomails.com dralias.com 8alias.com 8shield.net ' +
    'passmail.net passmail.com passinbox.com passfwd.com anonaddy.com anonaddy.me addy.io addymail.com 4wrd.cc ' +
    'mailer.me'
  ).split(' '),
);
/** Providers of several countries, under any public suffix. */
const PUBLIC_NAMES = new Set('gmail googlemail outlook hotmail live yahoo ymail rocketmail gmx yandex'.split(' '));
const PUBLIC = new Set(
  (
    'msn.com passport.com aol.com aim.com icloud.com me.com mac.com proton.me pm.me protonmail.com protonmail.ch ' +
    'fastmail.com fastmail.fm zoho.com zohomail.com tuta.com tuta.io tutanota.com tutanota.de tutamail.com ' +
    'hey.com mail.com email.com inbox.com hushmail.com web.de t-online.de freenet.de posteo.de mailbox.org ' +
    'bluewin.ch orange.fr wanadoo.fr free.fr sfr.fr laposte.net libero.it virgilio.it tiscali.it alice.it ' +
    'telenet.be skynet.be ziggo.nl kpnmail.nl xs4all.nl btinternet.com sky.com virginmedia.com ntlworld.com ' +
    'telia.com comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net shaw.ca rogers.com ' +
    'sympatico.ca bigpond.com optusnet.com.au xtra.co.nz mail.ru bk.ru list.ru inbox.ru rambler.ru ya.ru ukr.net ' +
    'wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz abv.bg freemail.hu citromail.hu mynet.com qq.com ' +
    'foxmail.com 163.com 126.com yeah.net 188.com sina.com sina.cn sohu.com 139.com 189.cn wo.cn aliyun.com ' +
    'tom.com 21cn.com naver.com daum.net hanmail.net nate.com kakao.com docomo.ne.jp ezweb.ne.jp softbank.ne.jp ' +
    'nifty.com rediffmail.com uol.com.br bol.com.br terra.com.br ig.com.br globo.com pchome.com.tw'
  ).split(' '),
);

export function dropsTag(host: string): boolean {
  return TAGGED.has(host) || /^(outlook|hotmail|live)\./.test(host);
}

export function dropsDots(host: string): boolean {
  return DOTTED.has(host);
}

export function sameProvider(host: string): string {
  return SAME.get(host) ?? host;
}

export function isRelay(host: string): boolean {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    if (RELAYS.has(name)) return true;
  }
  return false;
}

export function isPublicMail(registrable: string): boolean {
  return PUBLIC.has(registrable) || PUBLIC_NAMES.has(registrable.slice(0, registrable.indexOf('.')));
}
