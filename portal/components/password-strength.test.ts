import { describe, expect, test } from 'bun:test';
import { strengthOf } from './password-strength.ts';

describe('the strength of a password', () => {
  test.each([
    ['short', 'weak_short'],
    ['aaaaaaaaaaaaaa', 'weak_easy'],
    ['1234567890123', 'weak_easy'],
    ['password1234', 'weak_easy'],
    ['abababababab', 'weak_easy'],
    ['ada.lovelace', 'weak_mail'],
    ['blue kettle', 'fair'],
    ['a blue kettle sings', 'good'],
    ['a blue kettle sings at dawn', 'strong'],
    ['床前明月光疑是地上霜', 'fair'],
  ])('%s is %s', (password, word) => {
    expect(strengthOf(password, 'ada.lovelace@example.com').word).toBe(word as 'fair');
  });

  test('says how many characters lack, as people count them', () => {
    expect(strengthOf('🙂🙂', '')).toEqual({ word: 'weak_short', left: 8 });
  });
});
